import Dispatch
import Policy
import Synchronization
import Testing

@testable import Gateway

@Suite("Replay store")
struct ReplayStoreTests {
    private func key(_ byte: UInt8 = 1) throws -> Thumbprint {
        let digest = [UInt8](repeating: byte, count: 32)
        let made = Thumbprint(digest: digest.span)
        return try #require(made)
    }

    private func name(_ number: Int) -> [UInt8] { Array("proof-\(number)".utf8) }

    @Test func `a proof is used once until nobody takes it any more`() throws {
        let store = ReplayStore()
        let key = try key()
        #expect(store.claim(name(1), of: key, until: 100, now: 10) == .granted)
        #expect(store.claim(name(1), of: key, until: 100, now: 10) == .used)
        #expect(store.claim(name(1), of: key, until: 100, now: 99) == .used)
        #expect(store.claim(name(1), of: key, until: 200, now: 100) == .granted)
        #expect(store.claim(name(1), of: key, until: 200, now: 150) == .used)
    }

    @Test func `proofs of two keys do not meet`() throws {
        let store = ReplayStore()
        #expect(store.claim(name(1), of: try key(1), until: 100, now: 10) == .granted)
        #expect(store.claim(name(1), of: try key(2), until: 100, now: 10) == .granted)
        #expect(store.claim(name(2), of: try key(1), until: 100, now: 10) == .granted)
    }

    @Test func `a full store takes no more and forgets none, and has room again later`() throws {
        let store = ReplayStore(entriesMax: ReplayStore.shardsCount * 4)
        let key = try key()
        var granted: [Int] = []
        for number in 0..<2_000
        where store.claim(name(number), of: key, until: 100, now: 10) == .granted {
            granted.append(number)
        }
        #expect(granted.count == ReplayStore.shardsCount * 4)
        #expect(store.claim(name(5_000), of: key, until: 100, now: 10) == .full)
        #expect(store.claim(name(5_000), of: key, until: 100, now: 99) == .full)
        for number in granted {
            #expect(store.claim(name(number), of: key, until: 100, now: 99) == .used)
        }
        #expect(store.claim(name(5_000), of: key, until: 200, now: 100) == .granted)
    }

    @Test func `stale proofs make room without the store ever being full`() throws {
        let store = ReplayStore(entriesMax: ReplayStore.shardsCount * 8)
        let key = try key()
        for number in 0..<20_000 {
            let now = Int64(number / 16)
            #expect(store.claim(name(number), of: key, until: now + 2, now: now) == .granted)
        }
    }

    @Test func `of many claims of one proof on several threads one is granted`() throws {
        let store = ReplayStore()
        let key = try key()
        for round in 0..<200 {
            let name = name(round)
            let granted = Atomic(0)
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                if store.claim(name, of: key, until: 100, now: 10) == .granted {
                    granted.add(1, ordering: .relaxed)
                }
            }
            #expect(granted.load(ordering: .relaxed) == 1)
        }
    }
}
