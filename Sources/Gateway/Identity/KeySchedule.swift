/// When the keys of one source are fetched next, and for how long the last good ones are used.
///
/// Times are milliseconds of a clock that only goes forward; nothing here waits or fetches.
struct KeySchedule: Hashable, Sendable {
    /// When to fetch next.
    private(set) var nextTry: Int64

    /// Since when a fetch is under way.
    private(set) var begunAt: Int64?

    /// When the last good keys came.
    private(set) var fetchedAt: Int64?

    /// Failures since then.
    private(set) var failuresCount = 0

    /// When an unknown key last caused a fetch.
    private var requestedAt: Int64?

    /// How long keys are used when no fresh ones can be had.
    private var staleMilliseconds: Int64

    static let refreshSeconds: Int64 = 600
    static let refreshRange: ClosedRange<Int64> = 60...3_600
    static let retryRange: ClosedRange<Int64> = 1...60
    static let cooldownSeconds: Int64 = 30

    /// How long a fetch may take before it counts as failed, whoever has it in hand.
    static let fetchSecondsMax: Int64 = 30

    /// The longest staleness that can be asked for.
    static let staleSecondsLimit: Int64 = 366 * 86_400

    /// Due at once.
    init(now: Int64, staleSecondsMax: Int64) {
        nextTry = now
        staleMilliseconds = Self.staleMilliseconds(staleSecondsMax)
    }

    var isFetching: Bool { begunAt != nil }

    func isDue(at now: Int64) -> Bool { !isFetching && now >= nextTry }

    mutating func began(at now: Int64) { begunAt = now }

    /// When the fetch under way counts as failed.
    var overdueAt: Int64? { begunAt.map { $0 + Self.fetchSecondsMax * 1_000 } }

    /// Notes good keys.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - maxAgeSeconds: What the server allows, `nil` when it does not say.
    ///   - jitter: From 0 up to 1; the next fetch is up to a tenth earlier, so that many gateways do
    ///     not ask at the same second.
    mutating func succeeded(at now: Int64, maxAgeSeconds: Int64?, jitter: Double) {
        let range = Self.refreshRange
        let seconds = min(max(maxAgeSeconds ?? Self.refreshSeconds, 0), range.upperBound)
        let wait = max(Self.earlier(seconds * 1_000, jitter), range.lowerBound * 1_000)
        finish(now, after: min(wait, longestWait))
        fetchedAt = now
        failuresCount = 0
    }

    /// Notes a failure: the next try comes after 1 second, then twice as long up to 60, each less up
    /// to a tenth.
    mutating func failed(at now: Int64, jitter: Double) {
        let doublings = Int64(min(failuresCount, 6))
        failuresCount += 1
        let seconds = min(Self.retryRange.lowerBound << doublings, Self.retryRange.upperBound)
        let wait = Self.earlier(seconds * 1_000, jitter)
        finish(now, after: max(wait, Self.retryRange.lowerBound * 1_000))
    }

    /// The wait that lets fresh keys come before the old ones are too old.
    ///
    /// Where no stale keys are wanted at all, good ones are fresh until the next fetch.
    private var longestWait: Int64 {
        staleMilliseconds == 0 ? .max : max(staleMilliseconds / 2, 1_000)
    }

    private mutating func finish(_ now: Int64, after milliseconds: Int64) {
        begunAt = nil
        nextTry = now + milliseconds
    }

    private static func earlier(_ milliseconds: Int64, _ jitter: Double) -> Int64 {
        milliseconds - Int64(Double(milliseconds) / 10 * min(max(jitter, 0), 1))
    }

    private static func staleMilliseconds(_ seconds: Int64) -> Int64 {
        min(max(seconds, 0), staleSecondsLimit) * 1_000
    }

    /// Asks for a fetch because of a key that is not known.
    ///
    /// - Returns: Whether it will be made at once; not so within the cooldown, nor while one runs.
    mutating func request(at now: Int64) -> Bool {
        if isFetching { return false }
        if let requestedAt, now - requestedAt < Self.cooldownSeconds * 1_000 { return false }
        // A source that fails is left to its retries.
        guard failuresCount == 0 else { return false }
        requestedAt = now
        nextTry = min(nextTry, now)
        return true
    }

    /// Goes on under another configuration: a fetch under way will not report, the next one is due.
    mutating func restart(at now: Int64, staleSecondsMax: Int64) {
        begunAt = nil
        nextTry = now
        staleMilliseconds = Self.staleMilliseconds(staleSecondsMax)
    }

    /// Notes good keys that were kept from before the start, `age` seconds ago.
    mutating func remembered(ageSeconds: Int64, now: Int64) { fetchedAt = now - ageSeconds * 1_000 }

    /// When the last good keys become too old to be used; `nil` while no fetch has failed since.
    var staleAt: Int64? {
        failuresCount == 0 ? nil : fetchedAt.map { $0 + staleMilliseconds }
    }

    /// Whether the last good keys are too old to be used.
    func isStale(at now: Int64) -> Bool { staleAt.map { now >= $0 } ?? false }
}
