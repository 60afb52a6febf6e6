import Dispatch
import Policy
import Synchronization
import Testing

@testable import Gateway

@Suite("Key refresher")
struct KeyRefresherTests {
    struct Published: Sendable {
        let tenant: Int
        let generation: UInt64?
    }

    /// A refresher whose publications arrive in a stream.
    struct Scene: Sendable {
        let refresher: KeyRefresher
        let published: AsyncStream<Published>

        init(
            _ sources: [(tenant: Int, source: Configuration.KeySource)],
            previous: KeyRefresher? = nil,
            fetch: @escaping KeyRefresher.Fetch
        ) {
            let (stream, continuation) = AsyncStream.makeStream(of: Published.self)
            published = stream
            refresher = KeyRefresher(sources: sources, previous: previous, fetch: fetch) {
                continuation.yield(Published(tenant: $0, generation: $1.keys?.generation))
            }
            refresher.start()
        }

        /// Waits until every one of `tenants` has keys.
        func wait(for tenants: Set<Int>) async {
            var missing = tenants
            for await publication in published {
                if publication.generation != nil { missing.remove(publication.tenant) }
                if missing.isEmpty { return }
            }
        }
    }

    @Test func `tenants with the same source share one fetch, and one failing harms no other`()
        async throws
    {
        let keys = try IdentityScene().keys
        let count = SharedCount()
        let scene = Scene([
            (0, .url("https://a/")), (1, .url("https://b/")), (2, .url("https://a/")),
        ]) { source in
            guard source == .url("https://a/") else { return .failure(.timeout) }
            count.add()
            return .success(KeySetFetcher.Fetched(keys: keys, maxAgeSeconds: nil))
        }
        await scene.wait(for: [0, 2])
        #expect(count.value == 1)
        #expect(scene.refresher.keys(tenant: 0)?.generation == keys.generation)
        #expect(scene.refresher.keys(tenant: 1) == nil)
        #expect(scene.refresher.status(tenant: 2).isReady)
        #expect(!scene.refresher.status(tenant: 1).isReady)
        #expect(scene.refresher.status(tenant: 9) == KeyStatus())
        scene.refresher.stop()
    }

    @Test func `twenty sources that hang do not hold up the keys of another`() async throws {
        let keys = try IdentityScene().keys
        let good = Configuration.KeySource.url("https://good/")
        let end = DispatchSemaphore(value: 0)
        var sources = (0..<20).map {
            (tenant: $0, source: Configuration.KeySource.url("https://hangs\($0)/"))
        }
        sources.append((tenant: 20, source: good))
        let ended = SharedCount()
        let endedBefore = Mutex<Int?>(nil)
        let scene = Scene(sources) { source in
            if source == good {
                endedBefore.withLock { $0 = ended.value }
                return .success(KeySetFetcher.Fetched(keys: keys, maxAgeSeconds: nil))
            }
            // Longer than the two seconds that the keys may take, even on a busy machine.
            _ = end.wait(timeout: .now() + .seconds(10))
            ended.add()
            return .failure(.timeout)
        }
        await scene.wait(for: [20])
        #expect(endedBefore.withLock { $0 } == 0)
        scene.refresher.stop()
        for _ in 0..<20 { end.signal() }
    }

    @Test func `sources that fail leave a quarter of the room to the others`() {
        func source(_ number: Int) -> Configuration.KeySource { .url("https://s\(number)/") }
        var state = KeyRefresher.State()
        for number in 0..<40 {
            state.add(tenant: number, source: source(number), known: [], now: 0)
        }
        let first = state.plan(at: 0).due
        #expect(first.count == KeyRefresher.fetchesMax)
        for one in first {
            #expect(state.finish(one.source, .failure(.timeout), at: 1, jitter: 0).changed.isEmpty)
        }
        // Those that never had their turn come before those that failed, which share the rest.
        let second = state.plan(at: 10).due
        #expect(Set(second.prefix(8).map(\.tenants)) == Set((32..<40).map { [$0] }))
        #expect(second.count == KeyRefresher.failingFetchesMax + 8)
        state.add(tenant: 40, source: source(40), known: [], now: 10)
        #expect(state.plan(at: 10).due.isEmpty)
        _ = state.finish(source(33), .failure(.timeout), at: 11, jitter: 0)
        #expect(state.plan(at: 11).due.map(\.tenants) == [[40]])
    }

    @Test func `trouble is told once while it stays the same, and so is its end`() throws {
        let keys = try IdentityScene().keys
        let source = Configuration.KeySource.url("https://idp.example/jwks?key=secret")
        var state = KeyRefresher.State()
        state.add(tenant: 0, source: source, known: [], now: 0)
        state.add(tenant: 1, source: source, known: [], now: 0)
        func line(_ result: Result<KeySetFetcher.Fetched, KeyFailure>) -> String? {
            let outcome = state.finish(source, result, at: 1, jitter: 0)
            return outcome.news?.line(tenantNames: ["acme", "globex"])
        }
        let who = "tenants acme, globex: keys from https://idp.example/jwks"
        let refused = KeyFailure.connection("Connection\nrefused")
        #expect(
            line(.failure(refused)) == "\(who) cannot be had: no connection: Connection refused"
        )
        #expect(line(.failure(refused)) == nil)
        #expect(line(.failure(.timeout)) == "\(who) cannot be had: no answer in time")
        let good = KeySetFetcher.Fetched(keys: keys, maxAgeSeconds: nil)
        #expect(line(.success(good)) == "\(who) can be had again")
        #expect(line(.success(good)) == nil)
    }

    @Test func `an unknown key causes one fetch, and a second at once does not`() async throws {
        let sets = try [IdentityScene().keys, IdentityScene().keys]
        let count = SharedCount()
        let scene = Scene([(0, .url("https://a/"))]) { _ in
            let number = count.add()
            return .success(KeySetFetcher.Fetched(keys: sets[min(number, 1)], maxAgeSeconds: nil))
        }
        await scene.wait(for: [0])
        _ = scene.refresher.request(tenant: 0)
        _ = scene.refresher.request(tenant: 0)
        _ = scene.refresher.request(tenant: 7)
        await scene.wait(for: [0])
        #expect(scene.refresher.keys(tenant: 0)?.generation == sets[1].generation)
        _ = scene.refresher.request(tenant: 0)
        #expect(count.value == 2)
        scene.refresher.stop()
    }

    @Test func `keys from a file are there when it has started, and fresh when it changes`()
        async throws
    {
        let folder = try CertificateScene()
        let first = try IdentityScene()
        let second = try IdentityScene()
        func text(_ scene: IdentityScene) throws -> String {
            "{\"keys\":[\(try scene.signer.key.publicJWK())]}"
        }
        try folder.write(text(first), to: "keys.json")
        let fetcher = KeySetFetcher()
        let source = Configuration.KeySource.file(folder.folder + "/keys.json")
        let scene = Scene([(0, source)], fetch: KeyRefresher.fetcher(fetcher))
        #expect(scene.refresher.keys(tenant: 0)?.generation == first.keys.generation)
        try folder.write("broken", to: "keys.json")
        try folder.write(text(second) + " ", to: "keys.json")
        for await publication in scene.published
        where publication.generation == second.keys.generation {
            break
        }
        #expect(scene.refresher.status(tenant: 0).lastError == nil)
        scene.refresher.stop()
    }

    @Test func `a new configuration takes over the keys of the one before`() async throws {
        let keys = try IdentityScene().keys
        let source = Configuration.KeySource.url("https://a/")
        let old = Scene([(0, source)]) { _ in
            .success(KeySetFetcher.Fetched(keys: keys, maxAgeSeconds: nil))
        }
        await old.wait(for: [0])
        old.refresher.stop()
        let new = Scene(
            [(4, source), (5, .url("https://b/"))],
            previous: old.refresher
        ) { _ in .failure(.timeout) }
        await new.wait(for: [4])
        #expect(new.refresher.keys(tenant: 4)?.generation == keys.generation)
        #expect(new.refresher.keys(tenant: 5) == nil)
        new.refresher.stop()
    }
}

/// A number that threads share.
final class SharedCount: Sendable {
    private let number = Atomic(0)

    /// Adds one and returns what it was.
    @discardableResult
    func add() -> Int { number.add(1, ordering: .relaxed).oldValue }

    var value: Int { number.load(ordering: .relaxed) }
}
