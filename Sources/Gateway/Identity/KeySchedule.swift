/// When the keys of one source are fetched next, and for how long the last good ones are used.
///
/// Times are seconds of a clock that only goes forward; nothing here waits or fetches.
struct KeySchedule: Hashable, Sendable {
    /// When to fetch next.
    private(set) var nextTry: Int64

    /// Whether a fetch is under way.
    private(set) var isFetching = false

    /// When the last good keys came.
    private(set) var fetchedAt: Int64?

    /// Failures since then.
    private(set) var failuresCount = 0

    /// When an unknown key last caused a fetch.
    private var requestedAt: Int64?

    static let refreshSeconds: Int64 = 600
    static let refreshRange: ClosedRange<Int64> = 60...3_600
    static let retryRange: ClosedRange<Int64> = 1...60
    static let cooldownSeconds: Int64 = 30

    /// How long keys are used when no fresh ones can be had.
    static let staleSecondsMax: Int64 = 24 * 3_600

    /// Due at once.
    init(now: Int64) { nextTry = now }

    func isDue(at now: Int64) -> Bool { !isFetching && now >= nextTry }

    mutating func began() { isFetching = true }

    /// Notes good keys.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - maxAgeSeconds: What the server allows, `nil` when it does not say.
    ///   - jitter: From 0 up to 1; the next fetch is up to a tenth earlier, so that many gateways do
    ///     not ask at the same second.
    mutating func succeeded(at now: Int64, maxAgeSeconds: Int64?, jitter: Double) {
        let wanted = maxAgeSeconds ?? Self.refreshSeconds
        let seconds = min(
            max(wanted, Self.refreshRange.lowerBound),
            Self.refreshRange.upperBound
        )
        finish(now, after: seconds - Int64(Double(seconds) / 10 * jitter))
        fetchedAt = now
        failuresCount = 0
    }

    /// Notes a failure: the next try comes after 1 second, then twice as long up to 60.
    mutating func failed(at now: Int64) {
        let doublings = Int64(min(failuresCount, 6))
        failuresCount += 1
        finish(now, after: min(Self.retryRange.lowerBound << doublings, Self.retryRange.upperBound))
    }

    private mutating func finish(_ now: Int64, after seconds: Int64) {
        isFetching = false
        nextTry = now + seconds
    }

    /// Asks for a fetch because of a key that is not known.
    ///
    /// - Returns: Whether it will be made at once; not so within the cooldown, nor while one runs.
    mutating func request(at now: Int64) -> Bool {
        if isFetching { return false }
        if let requestedAt, now - requestedAt < Self.cooldownSeconds { return false }
        // A source that fails is left to its retries.
        guard failuresCount == 0 else { return false }
        requestedAt = now
        nextTry = now
        return true
    }

    /// Forgets a fetch that will not report and makes the next one due.
    mutating func restart(at now: Int64) {
        isFetching = false
        nextTry = now
    }

    /// Whether the last good keys are too old to be used.
    func isStale(at now: Int64) -> Bool {
        guard let fetchedAt else { return true }
        return now - fetchedAt >= Self.staleSecondsMax
    }
}
