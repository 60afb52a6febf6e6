import Policy
import Synchronization

/// Which proofs were used, RFC 9449 section 11.1; shared by all loops.
///
/// A proof is told by its key and its `jti`, for any request: 128 bits of a digest of both. What is
/// remembered is spread over shards with a lock each, so that loops seldom meet. A store that is full
/// of proofs which could still be used again takes no more, rather than forget one.
final class ReplayStore: Sendable {
    /// The most proofs, some 50 MB.
    static let entriesMax = 1 << 20

    static let shardsCount = 64

    private let shards: [Shard]

    /// Creates an empty store.
    ///
    /// - Parameter entriesMax: The most proofs, spread evenly over the shards.
    init(entriesMax: Int = entriesMax) {
        let each = max(1, entriesMax / Self.shardsCount)
        shards = (0..<Self.shardsCount).map { _ in Shard(entriesMax: each) }
    }

    enum Claim: Hashable, Sendable {
        /// It was not used, and is from now on.
        case granted
        case used

        /// It cannot be remembered.
        case full
    }

    /// Uses a proof; of several claims of one proof, on whatever threads, one is granted.
    ///
    /// - Parameters:
    ///   - identifier: Its `jti`.
    ///   - key: Whose proof it is.
    ///   - staleTime: When nobody takes it any more, in seconds since 1970.
    ///   - now: Seconds since 1970.
    /// - Returns: Whether this is its first use.
    func claim(
        _ identifier: [UInt8],
        of key: Thumbprint,
        until staleTime: Int64,
        now: Int64
    ) -> Claim {
        let text = key.bytes + identifier
        guard let digest = Thumbprint(of: text.span) else { return .full }
        let name = Name(digest)
        return shards[Int(name.high % UInt64(Self.shardsCount))].claim(name, staleTime, now)
    }

    /// Half of a digest.
    fileprivate struct Name: Hashable {
        let high: UInt64
        let low: UInt64

        init(_ digest: Thumbprint) {
            let bytes = digest.bytes
            high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
            low = bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    private final class Shard: Sendable {
        private let entries: Mutex<Entries>

        init(entriesMax: Int) { entries = Mutex(Entries(countMax: entriesMax)) }

        func claim(_ name: Name, _ staleTime: Int64, _ now: Int64) -> Claim {
            entries.withLock { $0.claim(name, staleTime, now) }
        }
    }

    /// Proofs with the times at which they are forgotten.
    private struct Entries {
        let countMax: Int
        private var staleTimes: [Name: Int64] = [:]

        /// The count at which stale entries are looked for: twice what the last look left.
        private var sweepCount: Int

        /// When they were looked for last.
        private var sweptAt = Int64.min

        private static let sweepCountMin = 256

        init(countMax: Int) {
            self.countMax = countMax
            sweepCount = min(Self.sweepCountMin, countMax)
        }

        mutating func claim(_ name: Name, _ staleTime: Int64, _ now: Int64) -> Claim {
            if let known = staleTimes[name], known > now { return .used }
            if staleTimes.count >= sweepCount, sweptAt != now { sweep(now) }
            guard staleTimes.count < countMax else { return .full }
            staleTimes[name] = staleTime
            return .granted
        }

        /// Once a second at most, so that a full store does not look at every claim.
        private mutating func sweep(_ now: Int64) {
            sweptAt = now
            staleTimes = staleTimes.filter { $0.value > now }
            sweepCount = min(countMax, max(Self.sweepCountMin, 2 * staleTimes.count))
        }
    }
}
