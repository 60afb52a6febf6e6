import Dispatch
import Policy
import Synchronization

/// Keeps the key sets of all tenants fresh, in the background.
///
/// Tenants with the same place share one fetch. The last good keys stay in use while a source fails,
/// for as long as the place says; one source never holds up another. Nothing here waits but `start`,
/// a little.
final class KeyRefresher: Sendable {
    /// Called with how a tenant stands, one call after the other, on a background thread; within
    /// `start` on the caller's.
    typealias Publish = @Sendable (_ tenant: Int, _ standing: KeyStanding) -> Void

    /// Gets keys without blocking and calls back once.
    typealias Fetch =
        @Sendable (
            Configuration.KeyPlace,
            @escaping @Sendable (Result<KeySetFetcher.Fetched, KeyFailure>) -> Void
        ) -> Void

    /// Called when a source begins to fail, fails for another reason or works again.
    typealias Report = @Sendable (KeyNews) -> Void

    private let state: Mutex<State>
    private let publish: Publish
    private let report: Report
    private let fetch: Fetch

    /// What is published last is what is true: one publication at a time.
    private let publishing = Mutex(())

    /// Where the ticks happen, one after the other.
    private let control = DispatchQueue(label: "postern.keys")

    /// Where the copies on disk are read and written.
    private let disk = DispatchQueue(label: "postern.keys.disk")

    /// Where files are looked at.
    private let looking = DispatchQueue(label: "postern.keys.looking")

    /// The most fetches at a time, when somebody waits for the last of them.
    static let fetchesMax = 128

    /// How many there may be for one to begin that nobody waits for.
    static let unwantedFetchesMax = 112

    /// How many there may be for one to begin whose source failed the last time.
    static let failingFetchesMax = 48

    /// The most of them that read a file; each may hold a thread.
    static let filesMax = 16

    /// How often files are looked at.
    static let fileSeconds: Int64 = 2

    /// The longest time between two ticks.
    static let tickSecondsMax: Int64 = 60

    /// The time between two ticks while there is no room for what is due.
    static let crowdedMilliseconds: Int64 = 1_000

    /// How long `start` waits for files, and for copies on disk.
    static let startMillisecondsMax = 5_000

    /// Prepares; nothing is fetched before `start`.
    ///
    /// - Parameters:
    ///   - sources: The place of each tenant that has keys, by the tenant's index.
    ///   - previous: The refresher of the configuration before, whose keys are taken over.
    ///   - fetch: How keys are got.
    ///   - report: Who is told of trouble, and of its end.
    ///   - publish: Where new keys go.
    init(
        sources: [(tenant: Int, place: Configuration.KeyPlace)],
        previous: KeyRefresher? = nil,
        fetch: @escaping Fetch,
        report: @escaping Report = { _ in },
        publish: @escaping Publish
    ) {
        let known = previous?.state.withLock { $0.sources } ?? []
        state = Mutex(State(sources, known: known, now: Clock.monotonicMilliseconds()))
        self.fetch = fetch
        self.report = report
        self.publish = publish
    }

    /// How a fetcher is handed over.
    static func fetcher(_ fetcher: KeySetFetcher) -> Fetch {
        { place, completion in fetcher.fetch(place, then: completion) }
    }

    /// Publishes what is known, and begins to fetch.
    ///
    /// Keys from files and copies on disk are published before it returns, if they can be read
    /// within `startMillisecondsMax`; others when they come.
    func start() {
        let filesCount = state.withLock { $0.awaitFiles() }
        remember()
        _ = state.withLock { $0.settle(at: Clock.monotonicMilliseconds()) }
        let sources = state.withLock { $0.sources }
        tell(sources.flatMap(\.tenants))
        schedule(at: Clock.monotonicMilliseconds())
        guard filesCount > 0 else { return }
        _ = filesRead.wait(timeout: .now() + .milliseconds(Self.startMillisecondsMax))
        lookLater()
    }

    /// Signalled when all files were read once.
    private let filesRead = DispatchSemaphore(value: 0)

    /// Ends; fetches under way are dropped when they come back.
    func stop() { state.withLock { $0.isStopped = true } }

    deinit { stop() }

    /// Asks for fresh keys because a token names one that is not known, or there are none yet.
    ///
    /// It costs little and may be called for every such token: unknown keys cause at most one fetch
    /// of a source in `KeySchedule.cooldownSeconds`.
    ///
    /// - Parameters:
    ///   - tenant: Whose token it is.
    ///   - standing: How the tenant stood when the token was judged.
    /// - Returns: Whether a fetch is under way whose end will be published to the tenant, be it a
    ///   failure, or another standing is being published right now. Not so for a source that fails
    ///   until it is tried again.
    func request(tenant: Int, beyond standing: KeyStanding) -> Bool {
        let now = Clock.monotonicMilliseconds()
        let reply = state.withLock { $0.request(tenant: tenant, beyond: standing, at: now) }
        if reply == .begins { schedule(at: now) }
        return reply != .refused
    }

    /// The keys in use for a tenant.
    func keys(tenant: Int) -> KeySet? {
        state.withLock { $0.source(of: tenant)?.succession.keys }
    }

    /// How a tenant stands.
    func status(tenant: Int) -> KeyStatus {
        let now = Clock.monotonicMilliseconds()
        return state.withLock { $0.source(of: tenant) }?.status(at: now) ?? KeyStatus()
    }
}

extension KeyRefresher {
    /// Plans a tick, unless one comes earlier anyway.
    private func schedule(at moment: Int64) {
        let now = Clock.monotonicMilliseconds()
        let moment = min(moment, now + Self.tickSecondsMax * 1_000)
        let isFirst = state.withLock { state in
            if let planned = state.plannedTick, planned <= moment { return false }
            state.plannedTick = moment
            return !state.isStopped
        }
        guard isFirst else { return }
        let wait = DispatchTimeInterval.milliseconds(Int(max(moment - now, 0)))
        control.asyncAfter(deadline: .now() + wait) { [weak self] in self?.tick(moment) }
    }

    /// Begins what is due and plans the next tick; does nothing when an earlier one took its place.
    private func tick(_ moment: Int64) {
        let plan = state.withLock { state -> State.Plan? in
            guard !state.isStopped, state.plannedTick == moment else { return nil }
            state.plannedTick = nil
            return state.plan(at: Clock.monotonicMilliseconds())
        }
        guard let plan else { return }
        for (index, place) in plan.due { begin(index, place) }
        act(on: plan.outcome)
    }

    private func begin(_ index: Int, _ place: Configuration.KeyPlace) {
        guard case .file(let path) = place.source else { return ask(index, place) }
        DispatchQueue.global(qos: .utility).async { [weak self] in
            // Before it is read: a change in between is seen at the next look.
            let stamp = FileContents.stamp(of: path)
            let isTelling = stamp.map { !$0.isFresh(at: Clock.unixMilliseconds()) } ?? false
            guard let self else { return }
            self.state.withLock { $0.note(isTelling ? stamp : nil, at: index) }
            self.ask(index, place)
        }
    }

    private func ask(_ index: Int, _ place: Configuration.KeyPlace) {
        fetch(place) { [weak self] result in self?.finish(index, result) }
    }

    private func finish(_ index: Int, _ result: Result<KeySetFetcher.Fetched, KeyFailure>) {
        let jitter = Double.random(in: 0..<1)
        let outcome = state.withLock {
            $0.finish(
                index,
                result,
                at: Clock.monotonicMilliseconds(),
                unixSeconds: Clock.unixSeconds(),
                jitter: jitter
            )
        }
        act(on: outcome)
        if outcome.saves { disk.async { [weak self] in self?.save(index) } }
        if outcome.endsWaiting { filesRead.signal() }
    }

    private func act(on outcome: State.Outcome) {
        tell(outcome.tenants)
        for news in outcome.news { report(news) }
        if let tick = outcome.tick { schedule(at: tick) }
    }

    /// Publishes how tenants stand now, which may be newer than what was to be told.
    private func tell(_ tenants: [Int]) {
        for tenant in tenants {
            publishing.withLock { _ in
                let standing = state.withLock { state in
                    state.isStopped ? nil : state.source(of: tenant)?.published
                }
                if let standing { publish(tenant, standing) }
            }
        }
    }
}

extension KeyRefresher {
    /// Reads the copies on disk of sources that have no keys, as far as there is time.
    private func remember() {
        let sources = state.withLock { $0.sources }
        let wanted = sources.indices.filter { sources[$0].succession.keys == nil }
            .compactMap { index in KeyCache(of: sources[index].place).map { (index, $0) } }
        guard !wanted.isEmpty else { return }
        let ended = DispatchSemaphore(value: 0)
        disk.async { [weak self] in
            for (index, cache) in wanted {
                self?.remember(index, cache, sources[index].place.staleSecondsMax)
            }
            ended.signal()
        }
        _ = ended.wait(timeout: .now() + .milliseconds(Self.startMillisecondsMax))
    }

    private func remember(_ index: Int, _ cache: KeyCache, _ staleSecondsMax: Int64) {
        let kept: Result<KeyCache.Kept?, KeyCache.Failure>
        do throws(KeyCache.Failure) {
            kept = .success(
                try cache.load(at: Clock.unixSeconds(), staleSecondsMax: staleSecondsMax)
            )
        } catch { kept = .failure(error) }
        let now = Clock.monotonicMilliseconds()
        act(on: state.withLock { $0.remember(kept, at: index, now: now) })
    }

    private func save(_ index: Int) {
        let (unsaved, place) = state.withLock { ($0.takeUnsaved(index), $0.sources[index].place) }
        guard let unsaved, let cache = KeyCache(of: place) else { return }
        var trouble: String?
        do throws(Errno) {
            try cache.save(unsaved.text, fetchedAt: unsaved.unixSeconds)
        } catch { trouble = "`\(cache.folder)`: \(error)" }
        if let news = state.withLock({ $0.saved(index, trouble: trouble) }) { report(news) }
    }

    /// Looks at the files after a while, and again and again.
    private func lookLater() {
        looking.asyncAfter(deadline: .now() + .seconds(Int(Self.fileSeconds))) { [weak self] in
            self?.look()
        }
    }

    private func look() {
        guard let files = state.withLock({ $0.isStopped ? nil : $0.files() }) else { return }
        let changed = files.filter { FileContents.stamp(of: $0.path) != $0.stamp }
        if !changed.isEmpty {
            state.withLock { state in
                for file in changed { state.noteChange(at: file.index) }
            }
            schedule(at: Clock.monotonicMilliseconds())
        }
        lookLater()
    }
}
