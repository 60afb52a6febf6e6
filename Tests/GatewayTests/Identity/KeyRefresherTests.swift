import Policy
import Synchronization
import Testing

@testable import Gateway

@Suite("Key refresher")
struct KeyRefresherTests {
    typealias Completion = KeySetFetcher.Completion

    struct Published: Sendable {
        let tenant: Int
        let generation: UInt64?
        let source: KeyStanding.Source
    }

    /// A refresher whose publications arrive in a stream.
    struct Scene: Sendable {
        let refresher: KeyRefresher
        let published: AsyncStream<Published>

        init(
            _ places: [(tenant: Int, place: Configuration.KeyPlace)],
            previous: KeyRefresher? = nil,
            report: @escaping KeyRefresher.Report = { _ in },
            fetch: @escaping KeyRefresher.Fetch
        ) {
            let (stream, continuation) = AsyncStream.makeStream(of: Published.self)
            published = stream
            refresher = KeyRefresher(
                sources: places,
                previous: previous,
                fetch: fetch,
                report: report
            ) {
                continuation.yield(
                    Published(tenant: $0, generation: $1.keys?.generation, source: $1.source)
                )
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

        /// Waits until tenant 0 stands like that.
        func wait(until holds: (Published) -> Bool) async {
            for await publication in published where holds(publication) { return }
        }
    }

    static func good(_ keys: KeySet) -> Result<KeySetFetcher.Fetched, KeyFailure> {
        .success(KeySetFetcher.Fetched(keys: keys))
    }

    @Test func `tenants with the same place share one fetch, and one failing harms no other`()
        async throws
    {
        let keys = try IdentityScene().keys
        let count = SharedCount()
        let scene = Scene([
            (0, .url("https://a/")), (1, .url("https://b/")), (2, .url("https://a/")),
        ]) { place, completion in
            guard place == .url("https://a/") else { return completion(.failure(.timeout)) }
            count.add()
            completion(Self.good(keys))
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

    @Test func `a thousand sources that hang do not hold up the keys that somebody waits for`()
        async throws
    {
        let keys = try IdentityScene().keys
        let good = Configuration.KeyPlace.url("https://good/")
        var places = (0..<1_000).map {
            (tenant: $0, place: Configuration.KeyPlace.url("https://hangs\($0)/"))
        }
        places.append((tenant: 1_000, place: good))
        let hanging = Mutex<[Completion]>([])
        let scene = Scene(places) { place, completion in
            if place == good { return completion(Self.good(keys)) }
            hanging.withLock { $0.append(completion) }
        }
        let isPromised = scene.refresher.request(tenant: 1_000)
        #expect(isPromised)
        await scene.wait(for: [1_000])
        #expect(hanging.withLock { $0.count } <= KeyRefresher.fetchesMax)
        scene.refresher.stop()
        for completion in hanging.withLock({ $0 }) { completion(.failure(.stopped)) }
    }

    @Test func `an unknown key causes one fetch, and a second at once does not`() async throws {
        let sets = try [IdentityScene().keys, IdentityScene().keys]
        let count = SharedCount()
        let scene = Scene([(0, .url("https://a/"))]) { _, completion in
            completion(Self.good(sets[min(count.add(), 1)]))
        }
        await scene.wait(for: [0])
        let begun = Clock.monotonicMilliseconds()
        let first = scene.refresher.request(tenant: 0)
        _ = scene.refresher.request(tenant: 0)
        let stranger = scene.refresher.request(tenant: 7)
        await scene.wait { $0.generation == sets[1].generation }
        let again = scene.refresher.request(tenant: 0)
        #expect(first && !stranger)
        #expect(scene.refresher.keys(tenant: 0)?.generation == sets[1].generation)
        // A machine with much else to do can take longer than the cooldown to come here.
        if Clock.monotonicMilliseconds() - begun < KeySchedule.cooldownSeconds * 1_000 {
            #expect(!again)
            #expect(count.value == 2)
        }
        scene.refresher.stop()
    }

    @Test func `a thousand wishes for keys share one fetch and are all told of its end`()
        async throws
    {
        let keys = try IdentityScene().keys
        let held = Mutex<Completion?>(nil)
        let count = SharedCount()
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let scene = Scene([(0, .url("https://a/"))]) { _, completion in
            guard count.add() > 0 else { return completion(Self.good(keys)) }
            held.withLock { $0 = completion }
            begin.yield()
        }
        await scene.wait(for: [0])
        let promises = (0..<1_000).map { _ in scene.refresher.request(tenant: 0) }
        #expect(promises.allSatisfy { $0 })
        for await _ in begun { break }
        // It brings nothing new, and is told all the same: somebody waits.
        held.withLock { $0 }?(Self.good(keys))
        await scene.wait { $0.source == .current }
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
        let fetcher = KeySetFetcher { _, completion in completion(.failure(.stopped)) }
        let place = Configuration.KeyPlace.file(folder.folder + "/keys.json")
        let scene = Scene([(0, place)], fetch: KeyRefresher.fetcher(fetcher))
        #expect(scene.refresher.keys(tenant: 0)?.generation == first.keys.generation)
        try folder.write("broken", to: "keys.json")
        await scene.wait { $0.source == .failing }
        #expect(scene.refresher.keys(tenant: 0)?.generation == first.keys.generation)
        try folder.write(text(second) + " ", to: "keys.json")
        await scene.wait { $0.generation == second.keys.generation }
        #expect(scene.refresher.status(tenant: 0).lastFailure == nil)
        scene.refresher.stop()
    }

    @Test func `a new configuration takes over the keys of the one before`() async throws {
        let keys = try IdentityScene().keys
        let place = Configuration.KeyPlace.url("https://a/")
        let old = Scene([(0, place)]) { _, completion in completion(Self.good(keys)) }
        await old.wait(for: [0])
        old.refresher.stop()
        let new = Scene(
            [(4, place.with { $0.staleSecondsMax = 3_600 }), (5, .url("https://b/"))],
            previous: old.refresher
        ) { _, completion in completion(.failure(.timeout)) }
        await new.wait(for: [4])
        #expect(new.refresher.keys(tenant: 4)?.generation == keys.generation)
        #expect(new.refresher.keys(tenant: 5) == nil)
        new.refresher.stop()
    }

    @Test func `after the stop nothing is published`() async throws {
        let keys = try IdentityScene().keys
        let held = Mutex<Completion?>(nil)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let scene = Scene([(0, .url("https://a/"))]) { _, completion in
            held.withLock { $0 = completion }
            begin.yield()
        }
        for await _ in begun { break }
        scene.refresher.stop()
        held.withLock { $0 }?(Self.good(keys))
        #expect(scene.refresher.keys(tenant: 0) == nil)
        let isPromised = scene.refresher.request(tenant: 0)
        #expect(!isPromised)
    }

    @Test func `a start while the source is down goes on with the keys on disk`() async throws {
        let folder = try CertificateScene()
        let issuer = try IdentityScene()
        let text = Array("{\"keys\":[\(try issuer.signer.key.publicJWK())]}".utf8)
        let place = Configuration.KeyPlace.url("https://a/")
            .with { $0.cachePath = folder.folder + "/keys" }
        let cache = try #require(KeyCache(of: place))
        let first = Scene([(0, place)]) { _, completion in
            completion(.success(KeySetFetcher.Fetched(keys: issuer.keys, text: text)))
        }
        await first.wait(for: [0])
        try await Self.eventually { FileSystem.status(of: cache.path) != nil }
        first.refresher.stop()
        let second = Scene([(0, place)]) { _, completion in completion(.failure(.timeout)) }
        // They are there when it has started: nobody waits for the source.
        #expect(second.refresher.keys(tenant: 0)?.generation == issuer.keys.generation)
        #expect(second.refresher.status(tenant: 0).fromCache)
        await second.wait { $0.source == .failing && $0.generation != nil }
        second.refresher.stop()
    }

    @Test func `a folder that cannot be written to is told once and shown`() async throws {
        let folder = try CertificateScene()
        try folder.write("", to: "file")
        let issuer = try IdentityScene()
        let place = Configuration.KeyPlace.url("https://a/")
            .with { $0.cachePath = folder.folder + "/file/keys" }
        let (news, tell) = AsyncStream.makeStream(of: KeyNews.self)
        let fetched = KeySetFetcher.Fetched(keys: issuer.keys, text: [0x7B])
        let scene = Scene(
            [(0, place)],
            report: { tell.yield($0) },
            fetch: { _, completion in completion(.success(fetched)) }
        )
        for await one in news {
            guard case .notKept = one.change else { continue }
            break
        }
        #expect(scene.refresher.status(tenant: 0).isReady)
        let problems = scene.refresher.status(tenant: 0).problems
        #expect(problems.contains { $0.contains("cannot be kept on disk") }, "\(problems)")
        scene.refresher.stop()
    }

    /// Waits for what no stream tells of.
    private static func eventually(_ holds: () -> Bool) async throws {
        for _ in 0..<1_000 {
            if holds() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it did not happen within ten seconds")
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

extension KeyRefresher {
    /// Asks for fresh keys, knowing how the tenant stands.
    fileprivate func request(tenant: Int) -> Bool {
        let standing = KeyStanding(
            keys: keys(tenant: tenant),
            source: status(tenant: tenant).source
        )
        return request(tenant: tenant, beyond: standing)
    }
}
