import Dispatch
import Policy
import Synchronization

/// A running gateway: its loops, and what serves them from outside.
final class GatewayRuntime: LoopControl {
    /// What a reload replaces.
    struct State {
        var snapshot: Snapshot
        var identities: [TenantIdentity?]

        /// Configurations that requests which run may still go by.
        var retired: [Snapshot] = []
        var tenantFiles = TenantFileStanding()
        var refresher: KeyRefresher?
        var reloads = 0
        var reloadFailures = 0
        var generations = RulesGenerations()

        /// Counts the times that `identities` were made anew.
        var epoch = 0

        /// The epoch that the loops have been told of: keys of a later one reach them with it.
        var postedEpoch = 0
        var isDraining = false
    }

    let configurationPath: String
    let census = ConnectionCensus()
    let journal: Journal?
    let loops: [LoopThread]
    let revocations: Revocations
    let startTime = Clock.unixSeconds()
    let outbound: OutboundClient

    /// `nil` without a journal.
    let shippers: Shippers?
    let introspector: Introspector
    let replays = ReplayStore()
    let absentKeys = AbsentKeys()
    let nonces = ProofNonces()
    let rates = RateStore()
    let attempts = Attempts()
    let desk = EventDesk()
    let state: Mutex<State>

    /// Reloads asked for by the admin listener.
    let orders = ReloadOrders()

    private init(
        path: String,
        snapshot: Snapshot,
        journal: Journal?,
        loops: [LoopThread],
        revocations: Revocations,
        tenantFiles: TenantFileStanding
    ) {
        configurationPath = path
        outbound = OutboundClient()
        introspector = Introspector(client: outbound) { news in
            StandardStream.error.writeLine("postern: " + news.line)
        }
        shippers = journal.map { [outbound] journal in
            Shippers(
                journalPath: journal.settings.path,
                client: outbound,
                holds: journal.settings.holds,
                report: { StandardStream.error.writeLine("postern: " + $0) }
            )
        }
        self.journal = journal
        self.loops = loops
        self.revocations = revocations
        state = Mutex(State(snapshot: snapshot, identities: [], tenantFiles: tenantFiles))
    }

    /// Loads the configuration at `path` and starts everything.
    ///
    /// - Parameters:
    ///   - path: The configuration.
    ///   - strictness: What becomes of the start when files of tenants are wrong.
    /// - Returns: A gateway that listens.
    /// - Throws: Why it cannot start.
    static func start(
        path: String,
        _ strictness: PreparedConfiguration.Strictness
    ) throws(GatewayFailure) -> GatewayRuntime {
        let prepared: PreparedConfiguration
        do throws(PreparedConfiguration.Failure) {
            prepared =
                switch strictness {
                case .strict: try PreparedConfiguration(path: path)
                case .lenient: try .lenient(path: path)
                }
        } catch {
            throw .configuration(error)
        }
        show(prepared.refusedFiles)
        showWarnings(of: prepared)
        let snapshot: Snapshot
        do throws(TLSFailure) {
            snapshot = try SnapshotBuilder.build(prepared, replacing: nil)
        } catch {
            throw .tls(error)
        }
        let listeners = try Listeners.open(snapshot.configuration)
        do throws(GatewayFailure) {
            return try start(path, snapshot, prepared, listeners)
        } catch {
            for listener in listeners.flatMap(\.self) { Socket.close(listener.socket) }
            throw error
        }
    }

    private static func start(
        _ path: String,
        _ snapshot: Snapshot,
        _ prepared: PreparedConfiguration,
        _ listeners: [[LoopListener]]
    ) throws(GatewayFailure) -> GatewayRuntime {
        OperatingProcess.raiseDescriptorLimit()
        let journal = try openJournal(snapshot.configuration)
        let loops = try makeLoops(listeners.count)
        let runtime = GatewayRuntime(
            path: path,
            snapshot: snapshot,
            journal: journal,
            loops: loops,
            revocations: try openRevocations(
                prepared.revocationFiles,
                snapshot.configuration,
                loops
            ),
            tenantFiles: TenantFileStanding(prepared)
        )
        runtime.adoptKeys(snapshot)
        runtime.rates.reserve(for: snapshot.policy)
        do throws(Attempts.Failure) {
            try runtime.openAttempts(snapshot)
        } catch { throw .attempts(error.description) }
        try runtime.startLoops(snapshot, listeners)
        try runtime.adoptShippers(snapshot.configuration)
        runtime.revocations.watch()
        return runtime
    }

    private func startLoops(
        _ snapshot: Snapshot,
        _ listeners: [[LoopListener]]
    ) throws(GatewayFailure) {
        let (identities, epoch) = state.withLock { state in
            state.postedEpoch = state.epoch
            return (state.identities, state.epoch)
        }
        do throws(Errno) {
            for (index, loop) in loops.enumerated() {
                try loop.start(
                    LoopThread.Seed(
                        index: index,
                        listeners: listeners[index],
                        snapshot: snapshot,
                        identities: identities,
                        epoch: epoch,
                        census: census,
                        control: self,
                        absentKeys: absentKeys,
                        replays: replays,
                        nonces: nonces,
                        rates: rates,
                        attempts: attempts,
                        journal: journal,
                        revocations: revocations.list
                    )
                )
            }
        } catch {
            throw .system(what: "start a thread", reason: error)
        }
    }

    private static func makeLoops(_ count: Int) throws(GatewayFailure) -> [LoopThread] {
        var loops: [LoopThread] = []
        do throws(Errno) {
            for _ in 0..<count { loops.append(try LoopThread()) }
        } catch {
            throw .system(what: "make an event loop", reason: error)
        }
        return loops
    }

    private static func openRevocations(
        _ files: [RevocationFile],
        _ configuration: Configuration,
        _ loops: [LoopThread]
    ) throws(GatewayFailure) -> Revocations {
        do throws(RevocationStore.Failure) {
            return try Revocations(
                files: files,
                folders: configuration.revocationsFolders,
                report: { StandardStream.error.writeLine("postern: " + $0) },
                publish: { list, adopted in
                    for loop in loops { loop.mailbox.post(.revoke(list, adopted: adopted)) }
                }
            )
        } catch { throw .revocations(error.description) }
    }

    /// Begins to count attempts where revocations are kept too, if the policy has a `guard`.
    func openAttempts(_ snapshot: Snapshot) throws(Attempts.Failure) {
        let folder = snapshot.configuration.revocationsFolders.first
        try attempts.open(for: snapshot.policy, folder: folder)
    }

    private static func openJournal(
        _ configuration: Configuration
    ) throws(GatewayFailure) -> Journal? {
        guard let wanted = configuration.analytics.journal else { return nil }
        var settings = JournalSettings(path: wanted.path, loops: configuration.workers) {
            RunningSHA256()
        }
        settings.durability = configuration.analytics.durability
        settings.keepSeconds = wanted.keepSeconds
        settings.limitBytes = wanted.limitBytes
        settings.report = { StandardStream.error.writeLine("postern: " + $0) }
        // Before the journal's thread looks for segments to remove.
        for shipper in configuration.analytics.shippers {
            settings.holds.set(shipper.name, to: [:])
        }
        do throws(JournalFailure) {
            return try Journal(settings, atMilliseconds: Clock.unixMilliseconds())
        } catch {
            throw .journal(error)
        }
    }

    /// Stops accepting, lets what runs come to its end for a while, and ends.
    func drain() {
        let limit = state.withLock { state in
            state.isDraining = true
            return state.snapshot.configuration.drainMilliseconds
        }
        for loop in loops { loop.mailbox.post(.drain) }
        let deadline = DispatchTime.now() + .milliseconds(limit)
        for loop in loops where !loop.wait(until: deadline) { loop.mailbox.post(.stop) }
        let last = DispatchTime.now() + .seconds(5)
        for loop in loops { _ = loop.wait(until: last) }
        let refresher = state.withLock { $0.refresher }
        refresher?.stop()
        refresher?.awaitDisk()
        revocations.stop()
        // What is left is sent from a folder that is not being changed.
        journal?.settle()
        shippers?.stop()
        outbound.stop()
        desk.stop()
        journal?.close()
    }

    // MARK: - LoopControl

    func wantKeys(tenant: Int, beyond standing: KeyStanding) -> Bool {
        state.withLock { $0.refresher }?.request(tenant: tenant, beyond: standing) ?? false
    }

    func introspect(
        _ token: [UInt8],
        _ identity: TenantIdentity,
        for ticket: LookupTicket,
        to mailbox: Mailbox<LoopMessage>
    ) {
        introspector.look(up: token, for: identity) { outcome in
            mailbox.post(.introspected(ticket, outcome))
        }
    }

    func report(_ words: String) {
        StandardStream.error.writeLine("postern: " + words)
    }
}
