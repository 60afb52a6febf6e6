import Policy
import Synchronization

/// The buckets of all `rate` lines; shared by all loops, or each loop would grant the limit again.
///
/// A bucket is told by 128 bits of a keyed hash of line, tenant and key, and is nothing but the time
/// at which it will be full. One that is full is the same as none, so its place is free without
/// anybody tidying up. Where all places for a key are taken by buckets that still count, the key is
/// refused until the first of them is full: nobody is let through uncounted.
///
/// The shards have a lock each, held for one look at `window` places.
final class RateStore: Sendable {
    /// The most buckets, 24 MB.
    static let bucketsMax = 1 << 20

    static let shardsCount = 64

    /// How many places a key has; a power of two.
    static let window = 16

    private let shards: [Shard]
    private let bucketsMax: Int

    /// Tells buckets apart; nobody outside can make two that share places.
    private let hash = ValueHash()

    /// Creates a store without room; `reserve` gives it some.
    ///
    /// - Parameter bucketsMax: The most buckets, spread evenly over the shards.
    init(bucketsMax: Int = bucketsMax) {
        self.bucketsMax = bucketsMax
        shards = (0..<Self.shardsCount).map { _ in Shard() }
    }

    /// Takes the memory, once, if a route of `policy` has a `rate` line.
    func reserve(for policy: CompiledPolicy) {
        guard policy.routes.contains(where: { !$0.rates.isEmpty }) else { return }
        reserve()
    }

    /// Takes the memory.
    func reserve() {
        let each = max(1, bucketsMax / Self.shardsCount / Self.window) * Self.window
        for shard in shards { shard.reserve(each) }
    }

    /// Counts a request, or says that there are too many.
    ///
    /// - Parameters:
    ///   - name: What the request is counted by.
    ///   - limit: The limit of that name.
    ///   - now: Nanoseconds of a clock that only goes forward.
    /// - Returns: Whether it may pass, or after how many nanoseconds one would.
    func take(_ name: BucketName, _ limit: RateLimit, now: Int64) -> Wait? {
        let digest = hash.digest(of: name.bytes.span)
        return shards[Int(digest.high % UInt64(Self.shardsCount))].take(digest, limit, now)
    }

    /// What a client's name is told by.
    func digest(of client: Span<UInt8>) -> ValueHash.Digest { hash.digest(of: client) }

    /// How long a request that is refused would have to wait.
    struct Wait: Hashable, Sendable {
        let nanoseconds: Int64

        /// Whole seconds, rounded up, 1 at least.
        var seconds: Int { max(1, Int((nanoseconds - 1) / 1_000_000_000) + 1) }
    }

    private final class Shard: Sendable {
        private let places = Mutex(Places())

        func reserve(_ count: Int) { places.withLock { $0.reserve(count) } }

        func take(_ name: ValueHash.Digest, _ limit: RateLimit, _ now: Int64) -> Wait? {
            places.withLock { $0.take(name, limit, now) }
        }
    }

    private struct Bucket {
        var name = ValueHash.Digest()
        var fullAt = Int64.min
    }

    private struct Places {
        private var buckets: [Bucket] = []

        /// The latest time that a loop has told: loops read the clock at different moments.
        private var clock = Int64.min

        mutating func reserve(_ count: Int) {
            if buckets.isEmpty { buckets = Array(repeating: Bucket(), count: count) }
        }

        mutating func take(_ name: ValueHash.Digest, _ limit: RateLimit, _ now: Int64) -> Wait? {
            guard !buckets.isEmpty else { return Wait(nanoseconds: 1) }
            clock = max(clock, now)
            let windows = UInt64(buckets.count / RateStore.window)
            let first = Int(name.low % windows) * RateStore.window
            var place = first
            for index in first..<first + RateStore.window {
                if buckets[index].name == name {
                    place = index
                    break
                }
                if buckets[index].fullAt < buckets[place].fullAt { place = index }
            }
            if buckets[place].name != name {
                let left = buckets[place].fullAt
                guard left <= clock else { return Wait(nanoseconds: left - clock) }
                buckets[place] = Bucket(name: name)
            }
            switch limit.decide(fullAt: buckets[place].fullAt, now: clock) {
            case .granted(let fullAt):
                buckets[place].fullAt = fullAt
                return nil
            case .refused(let wait): return Wait(nanoseconds: wait)
            }
        }
    }
}
