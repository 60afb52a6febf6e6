import Policy
import Testing

@testable import Gateway

@Suite("Key refresher's state")
struct KeyRefresherStateTests {
    typealias State = KeyRefresher.State

    static func url(_ number: Int) -> Configuration.KeyPlace { .url("https://s\(number)/") }

    /// One tenant for each place.
    static func state(
        _ places: [Configuration.KeyPlace],
        known: [KeyRefresher.Source] = [],
        now: Int64 = 0
    ) -> State {
        State(
            places.enumerated().map { (tenant: $0.offset, place: $0.element) },
            known: known,
            now: now
        )
    }

    static func good(
        _ keys: KeySet,
        maxAge: Int64? = nil
    ) -> Result<
        KeySetFetcher.Fetched, KeyFailure
    > { .success(KeySetFetcher.Fetched(keys: keys, text: [0x7B], maxAgeSeconds: maxAge)) }

    @Test func `sources that fail leave room to the others`() {
        let count = KeyRefresher.fetchesMax + 8
        var state = Self.state((0..<count).map(Self.url))
        let first = state.plan(at: 0).due
        #expect(first.count == KeyRefresher.unwantedFetchesMax)
        for one in first {
            #expect(state.end(one.index, .failure(.timeout), at: 1_000).tenants == [one.index])
        }
        // Those that never had their turn come before those that failed, which share the rest.
        let second = state.plan(at: 2_000).due
        let rest = KeyRefresher.unwantedFetchesMax..<count
        #expect(second.prefix(rest.count).map(\.index) == Array(rest))
        #expect(second.count == KeyRefresher.failingFetchesMax)
        #expect(state.plan(at: 2_000).due.isEmpty)
        // One that somebody waits for has room all the same.
        for one in second.prefix(rest.count) {
            _ = state.end(one.index, .failure(.timeout), at: 2_000)
        }
        #expect(state.plan(at: 2_000).due.count == rest.count)
    }

    @Test func `a source that somebody waits for comes first and finds room`() throws {
        let count = KeyRefresher.unwantedFetchesMax
        var state = Self.state((0...count).map(Self.url))
        #expect(state.plan(at: 0).due.count == count)
        #expect(state.plan(at: 0).due.isEmpty)
        #expect(state.request(tenant: count, at: 0) == .begins)
        #expect(state.plan(at: 0).due.map(\.index) == [count])
        #expect(state.request(tenant: count, at: 0) == .joined)
    }

    @Test func `each source has its turn`() {
        let count = KeyRefresher.unwantedFetchesMax * 3
        var state = Self.state((0..<count).map(Self.url))
        var turns: Set<Int> = []
        for _ in 0..<3 {
            let due = state.plan(at: 0).due
            turns.formUnion(due.map(\.index))
            for one in due { _ = state.end(one.index, .failure(.timeout), at: 0) }
        }
        #expect(turns.count == count)
    }

    @Test func `files that are read leave threads to others`() {
        let count = KeyRefresher.filesMax + 4
        var state = Self.state((0..<count).map { .file("/f\($0)") } + [Self.url(0)])
        let due = state.plan(at: 0).due
        #expect(due.count == KeyRefresher.filesMax + 1)
        #expect(due.last?.place == Self.url(0))
    }

    @Test func `a crowded state is looked at again soon, and at the end of each fetch`() throws {
        let keys = try IdentityScene().keys
        var state = Self.state((0...KeyRefresher.unwantedFetchesMax).map(Self.url))
        let plan = state.plan(at: 5)
        #expect(plan.outcome.tick == 5 + KeyRefresher.crowdedMilliseconds)
        let outcome = state.end(0, Self.good(keys), at: 50)
        #expect(outcome.tick == 50)
        #expect(state.plan(at: 50).due.map(\.index) == [KeyRefresher.unwantedFetchesMax])
    }

    @Test func `an unknown key begins a fetch, the next ones join it, and then none for a while`()
        throws
    {
        let keys = try IdentityScene().keys
        var state = State([(0, Self.url(0)), (1, Self.url(0)), (2, Self.url(1))], now: 0)
        _ = state.plan(at: 0)
        #expect(state.request(tenant: 0, at: 1) == .joined)
        #expect(state.end(0, Self.good(keys), at: 10).tenants == [0, 1])
        #expect(state.request(tenant: 0, at: 1_000) == .begins)
        #expect(state.request(tenant: 0, at: 1_001) == .joined)
        #expect(state.plan(at: 1_001).due.map(\.index) == [0])
        #expect(state.request(tenant: 1, at: 1_002) == .joined)
        // Nothing has changed: only who waits is told.
        #expect(state.end(0, Self.good(keys), at: 1_100).tenants == [0, 1])
        #expect(state.request(tenant: 0, at: 1_200) == .refused)
        #expect(state.request(tenant: 1, at: 30_999) == .refused)
        #expect(state.request(tenant: 1, at: 31_000) == .begins)
        #expect(state.plan(at: 31_000).due.map(\.index) == [0])
        #expect(state.end(0, Self.good(keys), at: 31_100).tenants == [1])
        #expect(state.request(tenant: 9, at: 31_100) == .refused)
    }

    @Test func `who has not been told of the end of a fetch yet waits for that`() throws {
        let (old, new) = try (IdentityScene().keys, IdentityScene().keys)
        var state = Self.state([Self.url(0)])
        _ = state.plan(at: 0)
        _ = state.end(0, Self.good(old), at: 0)
        let before = KeyStanding(keys: old, source: .current)
        #expect(state.request(tenant: 0, beyond: before, at: 1_000) == .begins)
        _ = state.plan(at: 1_000)
        _ = state.end(0, Self.good(new), at: 1_100)
        #expect(state.request(tenant: 0, beyond: before, at: 1_100) == .joined)
        let after = KeyStanding(keys: new, source: .current)
        #expect(state.request(tenant: 0, beyond: after, at: 1_100) == .refused)
        _ = state.plan(at: 601_100)
        _ = state.end(0, .failure(.timeout), at: 601_200)
        #expect(state.request(tenant: 0, beyond: after, at: 601_200) == .joined)
    }

    @Test func `a source that fails is not asked because of unknown keys`() {
        var state = Self.state([Self.url(0)])
        _ = state.plan(at: 0)
        #expect(state.request(tenant: 0, at: 0) == .joined)
        #expect(state.end(0, .failure(.timeout), at: 100).tenants == [0])
        for now in stride(from: Int64(100), through: 1_000_000, by: 100_000) {
            #expect(state.request(tenant: 0, at: now) == .refused)
        }
    }

    @Test func `the last good keys stay in use while a source fails, until they are too old`()
        throws
    {
        let keys = try IdentityScene().keys
        var state = Self.state([Self.url(0).with { $0.staleSecondsMax = 100 }])
        _ = state.plan(at: 0)
        _ = state.end(0, Self.good(keys), at: 0)
        #expect(state.plan(at: 50_000).due.count == 1)
        #expect(state.end(0, .failure(.timeout), at: 50_000).tenants == [0])
        #expect(state.sources[0].published.source == .failing)
        #expect(state.sources[0].published.keys?.generation == keys.generation)
        let early = state.plan(at: 99_999)
        #expect(early.outcome.tenants.isEmpty)
        #expect(early.outcome.tick == 100_000)
        let late = state.plan(at: 100_000)
        #expect(late.outcome.tenants == [0])
        #expect(state.sources[0].published.keys == nil)
        #expect(!state.sources[0].status(at: 100_000).isReady)
        _ = state.end(0, Self.good(keys), at: 100_100)
        #expect(state.sources[0].published.keys?.generation == keys.generation)
        #expect(state.sources[0].published.source == .current)
    }

    @Test func `a fetch that does not end counts as failed and holds up nobody`() throws {
        let keys = try IdentityScene().keys
        var state = Self.state([Self.url(0)])
        #expect(state.plan(at: 0).outcome.tick == 30_000)
        #expect(state.request(tenant: 0, at: 1) == .joined)
        let outcome = state.plan(at: 30_000).outcome
        #expect(outcome.tenants == [0])
        #expect(outcome.news.map(\.change) == [.outage(.timeout)])
        #expect(state.sources[0].status(at: 30_000).lastFailure == .timeout)
        // It is not begun a second time while the first may still end.
        #expect(state.plan(at: 40_000).due.isEmpty)
        #expect(state.request(tenant: 0, at: 40_000) == .refused)
        let late = state.end(0, Self.good(keys), at: 50_000)
        #expect(late.news.map(\.change) == [.recovery(after: .timeout)])
        #expect(state.sources[0].published.keys?.generation == keys.generation)
    }

    @Test func `an answer is taken once`() throws {
        let keys = try IdentityScene().keys
        var state = Self.state([Self.url(0)])
        _ = state.plan(at: 0)
        _ = state.end(0, .failure(.timeout), at: 1)
        let again = state.end(0, Self.good(keys), at: 2)
        #expect(again.tenants.isEmpty)
        #expect(state.sources[0].published.keys == nil)
    }

    @Test func `a set without any key that can be used takes the old ones away`() throws {
        let keys = try IdentityScene().keys
        var state = Self.state([Self.url(0)])
        _ = state.plan(at: 0)
        _ = state.end(0, Self.good(keys), at: 0)
        _ = state.plan(at: 600_000)
        let none = KeySet(keys: [], problems: ["key 1 is a symmetric key, which is never used"])
        let outcome = state.end(0, Self.good(none), at: 600_000)
        #expect(outcome.tenants == [0])
        #expect(
            outcome.news.map(\.change) == [.outage(.noUsableKey(problems: none.problems))]
        )
        #expect(state.sources[0].published.keys == nil)
        #expect(state.sources[0].status(at: 600_000).problems == none.problems)
        #expect(state.sources[0].schedule.nextTry == 601_000)
    }

    @Test func `trouble is told once while it stays the same, and so is its end`() throws {
        let keys = try IdentityScene().keys
        let place = Configuration.KeyPlace.url("https://idp.example/jwks?key=secret")
        var state = State([(0, place), (1, place)], now: 0)
        var now: Int64 = 0
        func line(_ result: Result<KeySetFetcher.Fetched, KeyFailure>) -> String? {
            now += 3_600_000
            #expect(state.plan(at: now).due.count == 1)
            let news = state.end(0, result, at: now).news
            #expect(news.count <= 1)
            return news.first?.line(tenantNames: ["acme", "globex"])
        }
        let who = "tenants acme, globex: keys from https://idp.example/jwks"
        let refused = KeyFailure.connection("Connection\nrefused")
        #expect(
            line(.failure(refused)) == "\(who) cannot be had: no connection: Connection refused"
        )
        #expect(line(.failure(refused)) == nil)
        #expect(line(.failure(.timeout)) == "\(who) cannot be had: no answer in time")
        #expect(line(Self.good(keys)) == "\(who) can be had again")
        #expect(line(Self.good(keys)) == nil)
    }

    @Test func `keys from disk are used until better ones come, and no longer than allowed`()
        throws
    {
        let (old, new) = (try IdentityScene().keys, try IdentityScene().keys)
        var state = Self.state([Self.url(0).with { $0.staleSecondsMax = 100 }])
        let kept = KeyCache.Kept(keys: old, ageSeconds: 90)
        #expect(state.remember(.success(kept), at: 0, now: 0).tenants == [0])
        #expect(state.sources[0].published.source == .loading)
        #expect(state.sources[0].status(at: 0).fromCache)
        #expect(state.sources[0].status(at: 0).ageSeconds == 90)
        // The fetch is due all the same.
        #expect(state.plan(at: 0).due.count == 1)
        _ = state.end(0, .failure(.timeout), at: 1_000)
        #expect(state.plan(at: 10_000).outcome.tenants == [0])
        #expect(state.sources[0].published.keys == nil)
        _ = state.end(0, Self.good(new), at: 11_000)
        #expect(state.sources[0].published.keys?.generation == new.generation)
        #expect(!state.sources[0].status(at: 11_000).fromCache)
        // What was fetched is never replaced by what was kept.
        #expect(state.remember(.success(kept), at: 0, now: 11_000).tenants.isEmpty)
        #expect(state.sources[0].published.keys?.generation == new.generation)
    }

    @Test func `a copy on disk that cannot be used is shown until it is replaced`() throws {
        let keys = try IdentityScene().keys
        var state = Self.state([Self.url(0).with { $0.cachePath = "/keys" }])
        _ = state.remember(.failure(.damaged), at: 0, now: 0)
        #expect(state.sources[0].status(at: 0).problems == ["the copy on disk is damaged"])
        _ = state.plan(at: 0)
        let outcome = state.end(0, Self.good(keys), at: 0)
        #expect(outcome.saves)
        #expect(state.takeUnsaved(0)?.unixSeconds == 1_700_000_000)
        #expect(state.takeUnsaved(0) == nil)
        let news = state.saved(0, trouble: nil)
        #expect(news == nil)
        #expect(state.sources[0].status(at: 0).problems.isEmpty)
    }

    @Test func `what was fetched before a stop is still written to disk`() throws {
        let keys = try IdentityScene().keys
        var state = Self.state([Self.url(0).with { $0.cachePath = "/keys" }])
        _ = state.plan(at: 0)
        #expect(state.end(0, Self.good(keys), at: 0).saves)
        state.isStopped = true
        #expect(state.takeUnsaved(0) != nil)
    }

    @Test func `that keys cannot be kept is told once, and so is its end`() {
        var state = Self.state([Self.url(0).with { $0.cachePath = "/keys" }])
        #expect(state.saved(0, trouble: "full")?.change == .notKept(because: "full"))
        #expect(state.saved(0, trouble: "full") == nil)
        #expect(state.saved(0, trouble: nil)?.change == .keptAgain)
        #expect(state.saved(0, trouble: nil) == nil)
    }

    @Test func `another configuration goes on with the keys, their age and their trouble`() throws {
        let keys = try IdentityScene().keys
        var old = Self.state([Self.url(0), Self.url(1)])
        _ = old.plan(at: 0)
        _ = old.end(0, Self.good(keys), at: 0)
        _ = old.end(1, .failure(.timeout), at: 0)
        let place = Self.url(0).with { $0.graceSeconds = 5 }
        var state = Self.state([Self.url(2), place, Self.url(1)], known: old.sources, now: 9_000)
        #expect(state.sources.map(\.standing) == [.loading, .current, .failing])
        #expect(state.sources[1].published.keys?.generation == keys.generation)
        #expect(state.sources[1].status(at: 9_000).ageSeconds == 9)
        // Every source is asked at once; what still fails is not told again.
        #expect(state.plan(at: 9_000).due.count == 3)
        #expect(state.end(2, .failure(.timeout), at: 9_100).news.isEmpty)
    }

    @Test func `a set that another authority vouched for is another source`() throws {
        let keys = try IdentityScene().keys
        var old = Self.state([Self.url(0)])
        _ = old.plan(at: 0)
        _ = old.end(0, Self.good(keys), at: 0)
        let place = Self.url(0).with { $0.caPath = "/other.pem" }
        let state = Self.state([place], known: old.sources, now: 9_000)
        #expect(state.sources[0].standing == .loading)
        #expect(state.sources[0].published.keys == nil)
    }

    @Test func `of several configurations of a source the youngest keys are taken over`() throws {
        let (older, younger) = (try IdentityScene().keys, try IdentityScene().keys)
        let other = Self.url(0).with { $0.graceSeconds = 5 }
        var old = Self.state([Self.url(0), other])
        _ = old.plan(at: 0)
        _ = old.end(1, Self.good(older), at: 10)
        _ = old.end(0, Self.good(younger), at: 20)
        let state = Self.state([other], known: old.sources, now: 30)
        #expect(state.sources[0].published.keys?.generation == younger.generation)
    }

    @Test func `the start ends when the last file was read, well or not`() throws {
        let keys = try IdentityScene().keys
        var state = Self.state([.file("/a"), .file("/b"), Self.url(0)])
        #expect(state.awaitFiles() == 2)
        _ = state.plan(at: 0)
        #expect(!state.end(2, Self.good(keys), at: 0).endsWaiting)
        #expect(!state.end(1, Self.good(keys), at: 0).endsWaiting)
        #expect(state.end(0, .failure(.timeout), at: 0).endsWaiting)
    }

    @Test func `a file that has changed is due, whatever the schedule says`() throws {
        let keys = try IdentityScene().keys
        var state = Self.state([.file("/a")])
        _ = state.plan(at: 0)
        #expect(state.files().isEmpty)
        _ = state.end(0, Self.good(keys), at: 0)
        #expect(state.files().map(\.path) == ["/a"])
        #expect(state.plan(at: 10).due.isEmpty)
        state.noteChange(at: 0)
        #expect(state.plan(at: 10).due.count == 1)
        _ = state.end(0, Self.good(keys), at: 10)
        #expect(state.plan(at: 10).due.isEmpty)
    }
}

extension KeyRefresher.State {
    /// Ends a fetch, without jitter.
    mutating func end(
        _ index: Int,
        _ result: Result<KeySetFetcher.Fetched, KeyFailure>,
        at now: Int64
    ) -> Outcome {
        finish(index, result, at: now, unixSeconds: 1_700_000_000, jitter: 0)
    }

    /// Asks for fresh keys, knowing how the tenant stands.
    mutating func request(tenant: Int, at now: Int64) -> Reply {
        let standing = source(of: tenant)?.published ?? KeyStanding()
        return request(tenant: tenant, beyond: standing, at: now)
    }
}
