extension KeyRefresher {
    /// Everything that changes; times are milliseconds of a clock that only goes forward.
    struct State: Sendable {
        private(set) var sources: [Source] = []

        /// By tenant, the index in `sources`.
        private var indices: [Int: Int] = [:]

        /// By place, the index in `sources`.
        private var places: [Configuration.KeyPlace: Int] = [:]

        /// Fetches that somebody has in hand.
        private var runningCount = 0

        /// Those of files.
        private var readingCount = 0

        /// Where the search for due sources begins next, so that each has its turn.
        private var cursor = 0

        /// Whether a source is due and there is no room for it.
        private var isCrowded = false

        /// When the next tick comes.
        var plannedTick: Int64?
        var isStopped = false

        /// What to tell, and whom.
        struct Outcome {
            /// The tenants whose standing is to be published.
            var tenants: [Int] = []
            var news: [KeyNews] = []

            /// Whether a set waits to be written to disk that did not before.
            var saves = false

            /// Whether a tick is wanted, and when.
            var tick: Int64?

            /// Whether it was the last file that the start waits for.
            var endsWaiting = false
        }

        /// What a tick has to do.
        struct Plan {
            /// The sources to fetch.
            var due: [(index: Int, place: Configuration.KeyPlace)] = []
            var outcome = Outcome()
        }

        /// What becomes of somebody's wish for fresh keys.
        enum Reply: Hashable {
            case refused

            /// A fetch is under way whose end will be published, or one has ended and that is
            /// being published.
            case joined

            /// The same, and a tick must begin it.
            case begins
        }
    }
}

/// Two configurations of one source share its keys.
private struct Origin: Hashable {
    let source: Configuration.KeySource
    let caPath: String?

    init(_ place: Configuration.KeyPlace) {
        source = place.source
        caPath = place.caPath
    }
}

extension KeyRefresher.State {
    /// Begins with the sources of a configuration, taking over what the one before knew.
    init(
        _ wanted: [(tenant: Int, place: Configuration.KeyPlace)],
        known: [KeyRefresher.Source] = [],
        now: Int64
    ) {
        let known = Dictionary(
            known.map { (Origin($0.place), $0) },
            uniquingKeysWith: { one, other in
                let isOlder = one.schedule.fetchedAt ?? .min < other.schedule.fetchedAt ?? .min
                return isOlder ? other : one
            }
        )
        for (tenant, place) in wanted {
            let index = places[place] ?? sources.count
            if index == sources.count {
                let old = known[Origin(place)]
                sources.append(
                    old?.taken(over: place, now: now)
                        ?? KeyRefresher.Source(place: place, now: now)
                )
                places[place] = index
            }
            sources[index].tenants.append(tenant)
            indices[tenant] = index
        }
    }

    func source(of tenant: Int) -> KeyRefresher.Source? { indices[tenant].map { sources[$0] } }

    /// Asks for fresh keys, because those of `standing` do not suffice.
    mutating func request(
        tenant: Int,
        beyond standing: KeyStanding,
        at now: Int64
    ) -> KeyRefresher.State.Reply {
        guard let index = indices[tenant], !isStopped else { return .refused }
        // A fetch has just ended, and the asker has not been told of it yet.
        guard sources[index].published.isSame(as: standing) else { return .joined }
        let isUnderWay = sources[index].schedule.isFetching
        let isPromised = isUnderWay || !sources[index].wanting.isEmpty
        if isPromised {
            sources[index].wanting.insert(tenant)
            return .joined
        }
        let isHealthy = sources[index].schedule.failuresCount == 0
        // One that is due anyway needs no cooldown: it comes once in a minute at most.
        let isDue = isHealthy && sources[index].isDue(at: now)
        guard !sources[index].isRunning, isDue || sources[index].schedule.request(at: now) else {
            return .refused
        }
        sources[index].wanting.insert(tenant)
        return .begins
    }

    /// Uses keys that were kept on disk, unless there are some.
    mutating func remember(
        _ kept: Result<KeyCache.Kept?, KeyCache.Failure>,
        at index: Int,
        now: Int64
    ) -> Outcome {
        var outcome = Outcome()
        guard !isStopped, sources[index].succession.keys == nil else { return outcome }
        switch kept {
        case .failure(let failure):
            sources[index].cacheProblem = "the copy on disk \(failure.words)"
        case .success(let kept?) where sources[index].schedule.fetchedAt == nil:
            sources[index].schedule.remembered(ageSeconds: kept.ageSeconds, now: now)
            _ = sources[index].succession.publish(kept.keys, at: now, grace: 0)
            sources[index].isFromCache = true
            outcome.tenants = sources[index].tenants
            outcome.tick = sources[index].nextEvent(at: now)
        case .success: break
        }
        return outcome
    }

    /// Notes that the start waits for all files to be read; the answer is how many there are.
    mutating func awaitFiles() -> Int {
        var count = 0
        for index in sources.indices where sources[index].path != nil {
            sources[index].isAwaited = true
            count += 1
        }
        return count
    }
}

extension KeyRefresher.State {
    /// Drops keys that are too old, gives up on fetches that do not end, and takes what is due as
    /// far as there is room.
    mutating func plan(at now: Int64) -> Plan {
        var plan = Plan(outcome: settle(at: now))
        beginDue(at: now, &plan)
        plan.outcome.tick = nextTick(after: now)
        return plan
    }

    /// Drops keys that are too old and gives up on fetches that do not end.
    mutating func settle(at now: Int64) -> Outcome {
        var outcome = Outcome()
        for index in sources.indices {
            if let overdueAt = sources[index].schedule.overdueAt, overdueAt <= now {
                let before = sources[index]
                fail(index, .timeout, at: now, jitter: 0)
                conclude(index, before, hasChanged: false, &outcome)
            }
            if sources[index].dropOldKeys(at: now) { outcome.tenants += sources[index].tenants }
        }
        return outcome
    }

    /// Somebody waits for the keys of a source, or it did well, or it failed: how full the room may
    /// be for it to begin.
    private func roomFor(_ source: KeyRefresher.Source) -> Int {
        if !source.wanting.isEmpty { return KeyRefresher.fetchesMax }
        return source.schedule.failuresCount == 0
            ? KeyRefresher.unwantedFetchesMax : KeyRefresher.failingFetchesMax
    }

    /// Begins what is due: sources that somebody waits for come first, those that fail last.
    private mutating func beginDue(at now: Int64, _ plan: inout Plan) {
        let count = sources.count
        var ranks: [[Int]] = [[], [], []]
        for step in 0..<count {
            let index = (cursor + step) % count
            guard sources[index].isDue(at: now) else { continue }
            let isHealthy = sources[index].schedule.failuresCount == 0
            ranks[!sources[index].wanting.isEmpty ? 0 : isHealthy ? 1 : 2].append(index)
        }
        isCrowded = false
        for index in ranks.joined() {
            let isFile = sources[index].path != nil
            guard runningCount < roomFor(sources[index]),
                !isFile || readingCount < KeyRefresher.filesMax
            else {
                isCrowded = true
                continue
            }
            runningCount += 1
            if isFile { readingCount += 1 }
            sources[index].isRunning = true
            sources[index].hasChanged = false
            sources[index].schedule.began(at: now)
            plan.due.append((index, sources[index].place))
            cursor = (index + 1) % count
        }
    }

    private func nextTick(after now: Int64) -> Int64? {
        var next: Int64?
        for source in sources {
            guard let event = source.nextEvent(at: now) else { continue }
            next = min(next ?? event, event)
        }
        // Whoever is due and has no room is seen to at the end of a fetch.
        return next.map { max($0, isCrowded ? now + KeyRefresher.crowdedMilliseconds : now) }
    }
}

extension KeyRefresher.State {
    /// Notes how a fetch ended; it may be one that was given up on.
    ///
    /// - Parameters:
    ///   - index: The source.
    ///   - result: What came of it.
    ///   - now: The time.
    ///   - unixSeconds: The same in seconds since 1970.
    ///   - jitter: From 0 up to 1.
    /// - Returns: Whom to tell, and what to do next.
    mutating func finish(
        _ index: Int,
        _ result: Result<KeySetFetcher.Fetched, KeyFailure>,
        at now: Int64,
        unixSeconds: Int64,
        jitter: Double
    ) -> Outcome {
        var outcome = Outcome()
        guard !isStopped, sources[index].isRunning else { return outcome }
        let before = sources[index]
        runningCount -= 1
        if before.path != nil { readingCount -= 1 }
        sources[index].isRunning = false
        var hasChanged = false
        switch result {
        case .failure(let failure): fail(index, failure, at: now, jitter: jitter)
        case .success(let fetched):
            hasChanged = take(fetched, index, now, unixSeconds, jitter)
            outcome.saves = before.unsaved == nil && sources[index].unsaved != nil
        }
        conclude(index, before, hasChanged: hasChanged, &outcome)
        outcome.tick = isCrowded ? now : sources[index].nextEvent(at: now)
        if before.isAwaited {
            sources[index].isAwaited = false
            outcome.endsWaiting = !sources.contains(where: \.isAwaited)
        }
        return outcome
    }

    /// Takes a set as published.
    ///
    /// One without any key that can be used takes the old ones away as well: they are not published
    /// any more. But it counts as a failure, so that the next is asked for soon.
    private mutating func take(
        _ fetched: KeySetFetcher.Fetched,
        _ index: Int,
        _ now: Int64,
        _ unixSeconds: Int64,
        _ jitter: Double
    ) -> Bool {
        let grace = sources[index].graceMilliseconds
        let hasChanged = sources[index].succession.publish(fetched.keys, at: now, grace: grace)
        if fetched.keys.keys.isEmpty {
            let failure = KeyFailure.noUsableKey(problems: fetched.keys.problems)
            fail(index, failure, at: now, jitter: jitter)
        } else {
            sources[index].schedule.succeeded(
                at: now,
                maxAgeSeconds: fetched.maxAgeSeconds,
                jitter: jitter
            )
            sources[index].lastFailure = nil
            sources[index].fetchesCount += 1
            sources[index].standing = .current
        }
        sources[index].isFromCache = false
        if KeyCache(of: sources[index].place) != nil {
            sources[index].unsaved = .init(text: fetched.text, unixSeconds: unixSeconds)
        }
        return hasChanged
    }

    private mutating func fail(
        _ index: Int,
        _ failure: KeyFailure,
        at now: Int64,
        jitter: Double
    ) {
        sources[index].schedule.failed(at: now, jitter: jitter)
        sources[index].lastFailure = failure
        sources[index].failuresCount += 1
        sources[index].standing = .failing
    }

    /// Says who is told of the end of a fetch: everybody when something has changed, else whoever
    /// was promised to be.
    private mutating func conclude(
        _ index: Int,
        _ before: KeyRefresher.Source,
        hasChanged: Bool,
        _ outcome: inout Outcome
    ) {
        let isNew = hasChanged || sources[index].standing != before.standing
        outcome.tenants += isNew ? before.tenants : before.wanting.sorted()
        sources[index].wanting = []
        if let news = sources[index].news(since: before) { outcome.news.append(news) }
    }
}

extension KeyRefresher.State {
    /// The files that can be looked at, with what they were like.
    func files() -> [(index: Int, path: String, stamp: FileContents.Stamp?)] {
        sources.indices.compactMap { index in
            guard !sources[index].isRunning, let path = sources[index].path else { return nil }
            return (index, path, sources[index].stamp)
        }
    }

    /// Notes what a file is like that is about to be read; `nil` when that cannot be told for sure.
    mutating func note(_ stamp: FileContents.Stamp?, at index: Int) { sources[index].stamp = stamp }

    /// Makes a file due because it is another one than was read.
    mutating func noteChange(at index: Int) { sources[index].hasChanged = true }

    /// Takes what is to be written to disk.
    mutating func takeUnsaved(_ index: Int) -> KeyRefresher.Source.Unsaved? {
        guard !isStopped else { return nil }
        defer { sources[index].unsaved = nil }
        return sources[index].unsaved
    }

    /// Notes how writing to disk ended; `trouble` is `nil` when it went well.
    mutating func saved(_ index: Int, trouble: String?) -> KeyNews? {
        let before = sources[index].saveTrouble
        sources[index].saveTrouble = trouble
        // What it held before was replaced.
        if trouble == nil { sources[index].cacheProblem = nil }
        guard trouble != before else { return nil }
        return KeyNews(
            tenants: sources[index].tenants,
            source: sources[index].place.source,
            change: trouble.map { .notKept(because: $0) } ?? .keptAgain
        )
    }
}
