import Dispatch
import Policy
import Synchronization

/// Keeps the key sets of all tenants fresh, in the background.
///
/// Tenants with the same source share one fetch. The last good keys stay in use while a source
/// fails, for at most `KeySchedule.staleSecondsMax`; one source never holds up another.
final class KeyRefresher: Sendable {
    /// Called with a tenant's new keys, on a background thread; `nil` when they became too old.
    typealias Publish = @Sendable (_ tenant: Int, _ standing: KeyStanding) -> Void

    /// Gets keys; it may block.
    typealias Fetch =
        @Sendable (Configuration.KeySource) -> Result<KeySetFetcher.Fetched, KeyFailure>

    /// Called when a source begins to fail, fails for another reason or works again.
    typealias Report = @Sendable (KeyNews) -> Void

    private let state: Mutex<State>
    private let publish: Publish
    private let report: Report
    private let fetch: Fetch

    /// Where the ticks happen, one after the other.
    private let control = DispatchQueue(label: "postern.keys")

    /// The most fetches at a time, each on a thread of its own.
    static let fetchesMax = 32

    /// The most of them for sources that failed the last time; the rest is kept for the others.
    static let failingFetchesMax = fetchesMax - fetchesMax / 4

    /// How often files are looked at, and the longest time between two ticks, in seconds.
    static let fileSeconds: Int64 = 2

    /// Prepares; nothing is fetched before `start`.
    ///
    /// - Parameters:
    ///   - sources: The source of each tenant that takes tokens, by the tenant's index.
    ///   - previous: The refresher of the configuration before, whose keys are taken over.
    ///   - fetch: How keys are got.
    ///   - report: Who is told of trouble, and of its end.
    ///   - publish: Where new keys go.
    init(
        sources: [(tenant: Int, source: Configuration.KeySource)],
        previous: KeyRefresher? = nil,
        fetch: @escaping Fetch = KeyRefresher.fetcher(KeySetFetcher()),
        report: @escaping Report = { _ in },
        publish: @escaping Publish
    ) {
        let known = previous?.state.withLock { $0.sources } ?? []
        var state = State()
        let now = Self.now()
        for (tenant, source) in sources {
            state.add(tenant: tenant, source: source, known: known, now: now)
        }
        self.state = Mutex(state)
        self.fetch = fetch
        self.report = report
        self.publish = publish
    }

    /// How a fetcher is handed over.
    static func fetcher(_ fetcher: KeySetFetcher) -> Fetch {
        { source in
            do throws(KeyFailure) {
                return .success(try fetcher.fetch(source))
            } catch { return .failure(error) }
        }
    }

    /// Reads the files, publishes what is known, and begins to fetch.
    ///
    /// Keys from files are published before it returns; others when they come.
    func start() {
        for source in state.withLock({ $0.beginFiles(at: Self.now()) }) {
            finish(source, fetch(source.source))
        }
        for (tenant, keys) in state.withLock({ $0.publications() }) {
            publish(tenant, KeyStanding(keys: keys, source: keys == nil ? .loading : .current))
        }
        schedule(after: 0)
    }

    /// Ends; fetches under way are dropped when they come back.
    func stop() { state.withLock { $0.isStopped = true } }

    deinit { stop() }

    /// Asks for fresh keys because a token names one that is not known.
    ///
    /// It costs little and may be called for every such token: a source is asked at most once in
    /// `KeySchedule.cooldownSeconds`.
    func request(tenant: Int) -> Bool {
        let isAccepted = state.withLock { $0.request(tenant: tenant, at: Self.now()) }
        if isAccepted { schedule(after: 0) }
        return isAccepted
    }

    /// The keys in use for a tenant.
    func keys(tenant: Int) -> KeySet? {
        state.withLock { $0.source(of: tenant)?.keys }
    }

    /// How a tenant stands.
    func status(tenant: Int) -> KeyStatus {
        let now = Self.now()
        return state.withLock { $0.source(of: tenant)?.status(at: now) } ?? KeyStatus()
    }

    private static func now() -> Int64 { Clock.monotonicMilliseconds() / 1_000 }
}

extension KeyRefresher {
    /// Plans a tick, unless one comes earlier anyway.
    private func schedule(after seconds: Int64) {
        let moment = Clock.monotonicMicroseconds() + seconds * 1_000_000
        let isFirst = state.withLock { state in
            if let planned = state.plannedTick, planned <= moment { return false }
            state.plannedTick = moment
            return !state.isStopped
        }
        guard isFirst else { return }
        control.asyncAfter(deadline: .now() + .seconds(Int(seconds))) { [weak self] in
            self?.tick(moment)
        }
    }

    /// Begins what is due and plans the next tick; does nothing when an earlier one took its place.
    private func tick(_ moment: Int64) {
        let now = Self.now()
        let plan = state.withLock { state -> State.Plan? in
            guard !state.isStopped, state.plannedTick == moment else { return nil }
            state.plannedTick = nil
            return state.plan(at: now)
        }
        guard let plan else { return }
        for tenant in plan.expired { publish(tenant, KeyStanding(keys: nil, source: .failing)) }
        for source in plan.due { begin(source) }
        if let seconds = plan.nextSeconds { schedule(after: seconds) }
    }

    /// Fetches on a thread of its own: a pool is shared with those whose server hangs.
    private func begin(_ source: KeySource) {
        do throws(Errno) {
            try Thread(name: "keys") { [weak self] in
                guard let self else { return }
                self.finish(source, self.fetch(source.source))
                self.schedule(after: 0)
            }.detach()
        } catch {
            finish(source, .failure(.connection("no thread: \(error)")))
        }
    }

    private func finish(
        _ source: KeySource,
        _ result: Result<KeySetFetcher.Fetched, KeyFailure>
    ) {
        let jitter = Double.random(in: 0..<1)
        let outcome = state.withLock { state -> State.Outcome in
            guard !state.isStopped else { return State.Outcome() }
            return state.finish(source.source, result, at: Self.now(), jitter: jitter)
        }
        for (tenant, keys) in outcome.changed {
            publish(tenant, KeyStanding(keys: keys, source: .current))
        }
        if let news = outcome.news { report(news) }
    }
}
