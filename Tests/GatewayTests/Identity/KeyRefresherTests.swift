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
                continuation.yield(Published(tenant: $0, generation: $1?.generation))
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

    @Test func `an unknown key causes one fetch, and a second at once does not`() async throws {
        let sets = try [IdentityScene().keys, IdentityScene().keys]
        let count = SharedCount()
        let scene = Scene([(0, .url("https://a/"))]) { _ in
            let number = count.add()
            return .success(KeySetFetcher.Fetched(keys: sets[min(number, 1)], maxAgeSeconds: nil))
        }
        await scene.wait(for: [0])
        scene.refresher.requestRefresh(tenant: 0)
        scene.refresher.requestRefresh(tenant: 0)
        scene.refresher.requestRefresh(tenant: 7)
        await scene.wait(for: [0])
        #expect(scene.refresher.keys(tenant: 0)?.generation == sets[1].generation)
        scene.refresher.requestRefresh(tenant: 0)
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
