extension KeyRefresher {
    /// One place that keys come from, and the tenants that use it.
    struct Source: Sendable {
        let place: Configuration.KeyPlace
        var tenants: [Int]
        var schedule: KeySchedule
        var succession = KeySuccession()
        var standing = KeyStanding.Source.loading

        /// Why the last fetch failed; `nil` when it did not.
        var lastFailure: KeyFailure?

        /// Fetches that went well, and those that failed, since the process began.
        var fetchesCount: UInt64 = 0
        var failuresCount: UInt64 = 0

        /// Whether no fetch has succeeded since the keys were read from disk.
        var isFromCache = false

        /// Why the copy on disk could not be used.
        var cacheProblem: String?

        /// Why there is no newer one.
        var saveTrouble: String?

        /// What is to be written there.
        var unsaved: Unsaved?

        /// Whether somebody has a fetch in hand; also one that is overdue and counts as failed.
        var isRunning = false

        /// The tenants that were promised a publication at the end of the next fetch.
        var wanting: Set<Int> = []

        /// What a file was like when it was read; `nil` also when it was too new to tell.
        var stamp: FileContents.Stamp?

        /// Whether a file is another one than was read.
        var hasChanged = false

        /// Whether the start waits for the file.
        var isAwaited = false

        /// A set on its way to disk.
        struct Unsaved: Sendable {
            let text: [UInt8]
            let unixSeconds: Int64
        }
    }
}

extension KeyRefresher.Source {
    init(place: Configuration.KeyPlace, now: Int64) {
        self.init(
            place: place,
            tenants: [],
            schedule: KeySchedule(now: now, staleSecondsMax: place.staleSecondsMax)
        )
    }

    /// The same source under another configuration.
    func taken(over place: Configuration.KeyPlace, now: Int64) -> Self {
        var source = Self(place: place, now: now)
        source.schedule = schedule
        // A reload asks again at once; a fetch of the old refresher does not report here.
        source.schedule.restart(at: now, staleSecondsMax: place.staleSecondsMax)
        source.succession = succession
        source.standing = standing
        source.lastFailure = lastFailure
        source.fetchesCount = fetchesCount
        source.failuresCount = failuresCount
        source.isFromCache = isFromCache
        if self.place.cachePath == place.cachePath { source.saveTrouble = saveTrouble }
        source.stamp = stamp
        return source
    }

    /// The path of a file.
    var path: String? { if case .file(let path) = place.source { path } else { nil } }

    /// For how long keys that are no longer published go on.
    var graceMilliseconds: Int64 {
        min(max(place.graceSeconds, 0), KeySchedule.staleSecondsLimit) * 1_000
    }

    /// What its tenants are told.
    var published: KeyStanding { KeyStanding(keys: succession.keys, source: standing) }

    func isDue(at now: Int64) -> Bool { !isRunning && (hasChanged || schedule.isDue(at: now)) }

    /// When something is to be done about it next; `nil` while that is the end of a fetch only.
    func nextEvent(at now: Int64) -> Int64? {
        var events: [Int64] = []
        if !isRunning, !schedule.isFetching { events.append(schedule.nextTry) }
        if let overdueAt = schedule.overdueAt { events.append(overdueAt) }
        if succession.keys != nil, let staleAt = schedule.staleAt { events.append(staleAt) }
        if let expiry = succession.nextExpiry(grace: graceMilliseconds) { events.append(expiry) }
        return events.min()
    }

    /// Drops keys whose time is over; the answer is whether other keys are in use now.
    mutating func dropOldKeys(at now: Int64) -> Bool {
        guard succession.keys != nil else { return false }
        if schedule.isStale(at: now) {
            succession.clear()
            return true
        }
        return succession.expire(at: now, grace: graceMilliseconds)
    }

    func status(at now: Int64) -> KeyStatus {
        var status = KeyStatus(place: place.source.shown)
        if succession.keys != nil {
            status.ageSeconds = schedule.fetchedAt.map { (now - $0) / 1_000 }
        }
        status.keyCount = succession.keys?.keys.count ?? 0
        status.lastFailure = lastFailure
        let wait = schedule.isFetching ? 0 : schedule.nextTry - now
        status.nextTrySeconds = max((wait + 999) / 1_000, 0)
        status.problems =
            succession.problems
            + [
                cacheProblem, saveTrouble.map { "the keys cannot be kept on disk: \($0)" },
            ].compactMap(\.self)
        status.source = standing
        status.fromCache = isFromCache && succession.keys != nil
        status.fetchesCount = fetchesCount
        status.failuresCount = failuresCount
        return status
    }

    /// News of how it stands; `nil` while that is as it was.
    func news(since before: Self) -> KeyNews? {
        let change: KeyNews.Change
        switch (before.lastFailure, lastFailure) {
        case (nil, let failure?): change = .outage(failure)
        case (let failure?, nil): change = .recovery(after: failure)
        case (let old?, let failure?) where old != failure: change = .otherTrouble(failure)
        default: return nil
        }
        return KeyNews(tenants: tenants, source: place.source, change: change)
    }
}
