import Dispatch
import Policy
import Synchronization
import Testing

@testable import Gateway

@Suite("Rate store")
struct RateStoreTests {
    private static let second: Int64 = 1_000_000_000

    private func line(
        _ count: Int = 1,
        burst: Int = 1,
        by key: RateLimit.Key = .address,
        route: String = "r"
    ) throws -> RouteRate {
        let limit = try #require(
            RateLimit(count: count, period: .second, burst: burst, key: key)
        )
        return RouteRate(limit, route: route)
    }

    private func store(bucketsMax: Int = RateStore.bucketsMax) -> RateStore {
        let store = RateStore(bucketsMax: bucketsMax)
        store.reserve()
        return store
    }

    private func address(_ low: UInt64) -> AddressKey {
        AddressKey(high: 0, low: 0xFFFF_0000_0000 | low)
    }

    @Test func `a bucket is one of line, tenant and key`() throws {
        let store = store()
        let (line, other) = (try line(), try line(route: "other"))
        let (acme, beta) = (RouteRate.digest(of: "acme"), RouteRate.digest(of: "beta"))
        let here = address(0x0A00_0001)
        let names = [
            BucketName(line.name, tenant: acme, address: here),
            BucketName(other.name, tenant: acme, address: here),
            BucketName(line.name, tenant: beta, address: here),
            BucketName(line.name, tenant: acme, address: address(0x0A00_0002)),
            BucketName(line.name, tenant: acme),
            BucketName(line.name, tenant: acme, client: store.digest(of: Array("a".utf8).span)),
            BucketName(line.name, tenant: acme, client: store.digest(of: Array("b".utf8).span)),
        ]
        for name in names { #expect(store.take(name, line.limit, now: 0) == nil) }
        for name in names {
            #expect(store.take(name, line.limit, now: 0)?.nanoseconds == Self.second)
        }
        for name in names { #expect(store.take(name, line.limit, now: Self.second) == nil) }
    }

    @Test func `IPv6 addresses count by their network of 64 bits, IPv4 ones by themselves`() throws
    {
        let store = store()
        let line = try line()
        let tenant = RouteRate.digest(of: "acme")
        func isGranted(_ high: UInt64, _ low: UInt64) -> Bool {
            let address = AddressKey(high: high, low: low)
            let name = BucketName(line.name, tenant: tenant, address: address)
            return store.take(name, line.limit, now: 0) == nil
        }
        #expect(isGranted(0x2001_0DB8_0000_0001, 1))
        #expect(!isGranted(0x2001_0DB8_0000_0001, 2))
        #expect(!isGranted(0x2001_0DB8_0000_0001, .max))
        #expect(isGranted(0x2001_0DB8_0000_0002, 1))
        #expect(isGranted(0, 0xFFFF_0A00_0001))
        #expect(isGranted(0, 0xFFFF_0A00_0002))
    }

    @Test func `a wait is whole seconds, rounded up`() {
        let waits = [(1, 1), (Self.second, 1), (Self.second + 1, 2), (59 * Self.second, 59)]
        for (nanoseconds, seconds) in waits {
            #expect(RateStore.Wait(nanoseconds: nanoseconds).seconds == seconds)
        }
    }

    @Test func `a store without room lets nobody pass`() throws {
        let line = try line()
        let name = BucketName(line.name, tenant: line.name)
        #expect(RateStore().take(name, line.limit, now: 0) != nil)
    }

    @Test func `a full store refuses the new, keeps the old, and has room once they are full`()
        throws
    {
        let buckets = RateStore.shardsCount * RateStore.window
        let store = store(bucketsMax: buckets)
        let line = try line()
        let tenant = RouteRate.digest(of: "acme")
        var granted: [BucketName] = []
        for number in 0..<10_000 {
            let name = BucketName(line.name, tenant: tenant, address: address(UInt64(number)))
            if store.take(name, line.limit, now: 0) == nil { granted.append(name) }
        }
        #expect(granted.count == buckets)
        let late = BucketName(line.name, tenant: tenant, address: address(77_777))
        #expect(store.take(late, line.limit, now: 0) == .init(nanoseconds: Self.second))
        #expect(store.take(late, line.limit, now: Self.second - 1) == .init(nanoseconds: 1))
        for name in granted {
            #expect(store.take(name, line.limit, now: Self.second - 1) != nil)
        }
        #expect(store.take(late, line.limit, now: Self.second) == nil)
    }

    @Test func `a loop whose clock is behind gets nothing twice`() throws {
        let store = store(bucketsMax: RateStore.shardsCount * RateStore.window)
        let line = try line()
        let tenant = RouteRate.digest(of: "acme")
        for number in 0..<10_000 {
            let name = BucketName(line.name, tenant: tenant, address: address(UInt64(number)))
            _ = store.take(name, line.limit, now: Int64(number % 2) * Self.second / 2)
        }
        let name = BucketName(line.name, tenant: tenant, address: address(1 << 20))
        #expect(store.take(name, line.limit, now: 5 * Self.second) == nil)
        #expect(store.take(name, line.limit, now: 4 * Self.second) != nil)
        #expect(store.take(name, line.limit, now: 0) != nil)
        #expect(store.take(name, line.limit, now: 6 * Self.second) == nil)
    }

    @Test func `eight threads together get what one would`() throws {
        let line = try line(1_000, burst: 50)
        let name = BucketName(line.name, tenant: line.name)
        for _ in 0..<50 {
            let store = store(bucketsMax: 4_096)
            let granted = Atomic(0)
            DispatchQueue.concurrentPerform(iterations: 8) { thread in
                for step in 0..<100 {
                    // Clocks that differ by up to 8 ms, as those of loops may.
                    let now = Int64(step / 10 + thread % 8) * 1_000_000
                    if store.take(name, line.limit, now: now) == nil {
                        granted.add(1, ordering: .relaxed)
                    }
                }
            }
            // The clocks end at 16 ms: 16 requests beside the burst.
            #expect(granted.load(ordering: .relaxed) <= 50 + 16)
            #expect(granted.load(ordering: .relaxed) >= 50)
        }
    }
}
