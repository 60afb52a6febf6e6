/// How many requests a route takes of one client, from one address or for one tenant.
///
/// The generic cell rate algorithm: requests come evenly at the rate, and `burst` of them may come at
/// once after a rest. All that is known of a bucket is when it will be as if nothing had come.
public struct RateLimit: Hashable, Sendable {
    /// What requests are counted by.
    public enum Key: String, CaseIterable, Sendable {
        /// Where the connection comes from.
        case address

        /// All requests of a tenant together.
        case tenant

        /// The client that the validated token names; known last.
        case client
    }

    /// What the rate is over.
    public enum Period: String, CaseIterable, Sendable {
        case second = "s"
        case minute = "m"
        case hour = "h"

        fileprivate var nanoseconds: Int64 {
            switch self {
            case .second: 1_000_000_000
            case .minute: 60 * 1_000_000_000
            case .hour: 3_600 * 1_000_000_000
            }
        }
    }

    /// The most requests a period, and the most at once.
    public static let countMax = 1_000_000

    /// The longest that an emptied bucket may take to be full again.
    public static let refillSecondsMax = 30 * 86_400

    /// Requests a period.
    public let count: Int

    /// What `count` is over.
    public let period: Period

    /// How many may come at once.
    public let burst: Int

    /// What requests are counted by.
    public let key: Key

    /// The time that one request takes up, rounded up: never more than `count` a period.
    let intervalNanoseconds: Int64

    /// The time that `burst` requests take up.
    let burstNanoseconds: Int64

    /// Creates a limit; `nil` when a number is out of range, or the burst too large for the rate.
    public init?(count: Int, period: Period, burst: Int, key: Key) {
        guard (1...Self.countMax).contains(count), (1...Self.countMax).contains(burst) else {
            return nil
        }
        let interval = (period.nanoseconds - 1) / Int64(count) + 1
        guard interval * Int64(burst) <= Int64(Self.refillSecondsMax) * 1_000_000_000 else {
            return nil
        }
        self.count = count
        self.period = period
        self.burst = burst
        self.key = key
        intervalNanoseconds = interval
        burstNanoseconds = interval * Int64(burst)
    }

    /// What becomes of one request.
    public enum Decision: Hashable, Sendable {
        /// It counts; the bucket will be full again then.
        case granted(fullAt: Int64)

        /// It does not count; one that comes so many nanoseconds later would be granted.
        case refused(wait: Int64)
    }

    /// Decides about one request.
    ///
    /// - Parameters:
    ///   - fullAt: When the bucket will be full; a time that has passed is that of a full one.
    ///   - now: Nanoseconds of the same clock.
    /// - Returns: Whether the request may pass. A clock that is set back only makes it wait longer.
    @inline(__always)
    public func decide(fullAt: Int64, now: Int64) -> Decision {
        // No clock of a running system comes near these bounds, and below them nothing overflows.
        let now = max(0, min(now, .max / 4))
        let next = max(now, min(fullAt, .max / 2)) + intervalNanoseconds
        let wait = next - now - burstNanoseconds
        return wait > 0 ? .refused(wait: wait) : .granted(fullAt: next)
    }
}

extension RateLimit: CustomStringConvertible {
    /// The line as it could be written, without its keyword.
    public var description: String {
        let burst = burst == count ? "" : " burst \(burst)"
        return "\(count)/\(period.rawValue)\(burst) by \(key.rawValue)"
    }
}
