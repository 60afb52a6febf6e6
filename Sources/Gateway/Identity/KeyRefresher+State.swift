extension KeyRefresher {
    /// One place that keys come from, and the tenants that use them.
    struct KeySource: Sendable {
        let source: Configuration.KeySource
        var tenants: [Int]
        var schedule: KeySchedule
        var keys: KeySet?
        var lastError: String?

        /// What the file was like when it was read.
        var stamp: FileContents.Stamp?

        var path: String? {
            if case .file(let path) = source { path } else { nil }
        }

        func status(at now: Int64) -> KeyStatus {
            var status = KeyStatus()
            if keys != nil { status.ageSeconds = schedule.fetchedAt.map { now - $0 } }
            status.keyCount = keys?.keys.count ?? 0
            status.lastError = lastError
            status.nextTrySeconds = max(schedule.isFetching ? 0 : schedule.nextTry - now, 0)
            status.problems = keys?.problems ?? []
            return status
        }
    }

    /// Everything that changes.
    struct State: Sendable {
        var sources: [KeySource] = []

        /// By tenant, the place in `sources`.
        private var places: [Int: Int] = [:]

        /// When the next tick comes, in microseconds.
        var plannedTick: Int64?
        var isStopped = false

        /// What a tick has to do.
        struct Plan {
            var due: [KeySource] = []

            /// Tenants whose keys became too old.
            var expired: [Int] = []

            /// When the next tick is wanted; `nil` when there is no source.
            var nextSeconds: Int64?
        }

        /// What the end of a fetch has changed.
        struct Outcome {
            /// The tenants that have other keys now.
            var changed: [(Int, KeySet)] = []

            /// What to tell; `nil` while the source stays as it was.
            var news: KeyNews?
        }
    }
}

extension KeyRefresher.State {
    mutating func add(
        tenant: Int,
        source: Configuration.KeySource,
        known: [KeyRefresher.KeySource],
        now: Int64
    ) {
        if let place = sources.firstIndex(where: { $0.source == source }) {
            sources[place].tenants.append(tenant)
            places[tenant] = place
            return
        }
        places[tenant] = sources.count
        var entry = KeyRefresher.KeySource(
            source: source,
            tenants: [tenant],
            schedule: KeySchedule(now: now)
        )
        if let old = known.first(where: { $0.source == source }) {
            entry.keys = old.keys
            entry.lastError = old.lastError
            entry.stamp = old.stamp
            entry.schedule = old.schedule
            // A reload asks again at once; a fetch of the old refresher does not report here.
            entry.schedule.restart(at: now)
        }
        sources.append(entry)
    }

    func source(of tenant: Int) -> KeyRefresher.KeySource? {
        places[tenant].map { sources[$0] }
    }

    /// Marks all files as being read.
    mutating func beginFiles(at now: Int64) -> [KeyRefresher.KeySource] {
        var begun: [KeyRefresher.KeySource] = []
        for index in sources.indices where sources[index].path != nil {
            begun.append(begin(index))
        }
        return begun
    }

    /// The keys that are known of every tenant.
    func publications() -> [(Int, KeySet?)] {
        sources.flatMap { source in source.tenants.map { ($0, source.keys) } }
    }

    mutating func request(tenant: Int, at now: Int64) -> Bool {
        guard let place = places[tenant], !isStopped else { return false }
        return sources[place].schedule.request(at: now)
    }

    private mutating func begin(_ index: Int) -> KeyRefresher.KeySource {
        sources[index].schedule.began()
        sources[index].stamp = sources[index].path.flatMap { FileContents.stamp(of: $0) }
        return sources[index]
    }

    /// Takes what is due, at most `fetchesMax` at a time, and drops keys that are too old.
    mutating func plan(at now: Int64) -> Plan {
        var plan = Plan()
        for index in sources.indices where sources[index].keys != nil {
            guard sources[index].schedule.isStale(at: now) else { continue }
            sources[index].keys = nil
            plan.expired += sources[index].tenants
        }
        beginDue(at: now, &plan)
        for source in sources {
            let wait = self.wait(for: source, now)
            plan.nextSeconds = min(plan.nextSeconds ?? wait, wait)
        }
        return plan
    }

    /// Begins what is due as far as there is room: sources that failed less come first, and those
    /// that fail never take all the room.
    private mutating func beginDue(at now: Int64, _ plan: inout Plan) {
        let running = sources.map(\.schedule).filter(\.isFetching)
        var room = KeyRefresher.fetchesMax - running.count
        var failingRoom = KeyRefresher.failingFetchesMax - running.count { $0.failuresCount > 0 }
        let due = sources.indices.filter { sources[$0].schedule.isDue(at: now) || fileChanged($0) }
        let order = due.sorted {
            let (one, other) = (sources[$0].schedule, sources[$1].schedule)
            return (one.failuresCount, one.nextTry) < (other.failuresCount, other.nextTry)
        }
        for index in order where room > 0 {
            if sources[index].schedule.failuresCount > 0 {
                guard failingRoom > 0 else { return }
                failingRoom -= 1
            }
            room -= 1
            plan.due.append(begin(index))
        }
    }

    private func fileChanged(_ index: Int) -> Bool {
        guard let path = sources[index].path, !sources[index].schedule.isFetching else {
            return false
        }
        return FileContents.stamp(of: path) != sources[index].stamp
    }

    private func wait(for source: KeyRefresher.KeySource, _ now: Int64) -> Int64 {
        if source.path != nil { return KeyRefresher.fileSeconds }
        // The end of a fetch plans a tick of its own.
        if source.schedule.isFetching { return KeySchedule.retryRange.upperBound }
        return min(max(source.schedule.nextTry - now, 1), KeySchedule.retryRange.upperBound)
    }

    /// Notes how a fetch ended.
    mutating func finish(
        _ source: Configuration.KeySource,
        _ result: Result<KeySetFetcher.Fetched, KeyFailure>,
        at now: Int64,
        jitter: Double
    ) -> Outcome {
        var outcome = Outcome()
        guard let index = sources.firstIndex(where: { $0.source == source }) else { return outcome }
        let lastError = sources[index].lastError
        switch result {
        case .failure(let failure):
            sources[index].schedule.failed(at: now)
            sources[index].lastError = failure.description
        case .success(let fetched):
            sources[index].schedule.succeeded(
                at: now,
                maxAgeSeconds: fetched.maxAgeSeconds,
                jitter: jitter
            )
            sources[index].lastError = nil
            if sources[index].keys?.generation != fetched.keys.generation {
                sources[index].keys = fetched.keys
                outcome.changed = sources[index].tenants.map { ($0, fetched.keys) }
            }
        }
        if sources[index].lastError != lastError {
            outcome.news = KeyNews(
                tenants: sources[index].tenants,
                source: source,
                trouble: sources[index].lastError
            )
        }
        return outcome
    }
}
