import HTTP
import Policy

/// One event loop: everything that a request touches between its first byte and its last.
///
/// Nothing in it is shared with another thread but the mailbox. Its parts are separate stored
/// values, so a step can hold one of them while it changes another.
struct GatewayLoop: ~Copyable {
    /// The most connections to upstreams.
    static let upstreamConnectionsMax = 16_384

    /// Connections taken from a listener in one turn, so that others are served in between.
    static let acceptsPerTurnMax = 64

    /// How long a loop without deadlines sleeps at most; the journal is told the time then.
    static let sleepMillisecondsMax: Int64 = 1_000

    /// Size of the buffers that bodies pass through: four TLS records.
    static let bufferBytes = 80 * 1_024

    /// The most body bytes written in one go.
    static let writeBytesMax = 64 * 1_024

    let index: Int
    let mailbox: Mailbox<LoopMessage>
    let census: ConnectionCensus
    let control: any LoopControl
    let attempts: any AttemptStore

    var epoll: Epoll
    var listeners: [LoopListener]
    var clients: Slab<ClientConnection>
    var upstreams: Slab<UpstreamConnection>
    var clientDeadlines = Deadlines()
    var upstreamDeadlines = Deadlines()
    var passed: [UInt32] = []
    var buffers: BufferPool
    let stage: WireStage

    var gate: RequestGate
    var answer: ResponseHead
    var outbound = OutputBuffer(capacity: 96 * 1_024)
    var scratch = OutputBuffer(capacity: LocalResponse.bodyBytesMax)
    var pool: UpstreamPool

    /// The bytes of all requests that are held until their bodies are whole.
    var heldBytes = 0

    /// How many bodies are copied at present.
    var tapsCount = 0

    /// What each tenant's tokens are validated with; keys change without a new snapshot.
    var identities: [TenantIdentity?] = []
    var epoch = 0

    /// Clients whose requests wait for keys.
    var waiting: [WaitingClient] = []

    /// Clients' tokens that an authorization server is being asked about.
    var lookupsCount = 0

    /// How often one was asked, since the start.
    var lookupsBegun: UInt64 = 0
    var journal: LoopJournal

    /// Clients whose requests go on when their STARTs are on the disk, with `durability power`.
    var uncommitted: [ClientKey] = []
    var metrics = LoopMetrics()

    /// The last refusals, for those who ask why.
    var refusals = RefusalRing()
    var snapshot: Snapshot

    var now = LoopTime()

    /// When listeners that rest are watched again.
    var acceptResumes = Deadlines.never

    var isDraining = false
    var isStopped = false

    /// Runs until a drain has ended or `stop` was posted.
    mutating func run() {
        watchMailbox()
        for index in listeners.indices { watchListener(index) }
        while !isStopped {
            let count = epoll.wait(milliseconds: Int32(sleepMilliseconds()))
            now.refresh()
            dispatchAll(count)
            sweep()
            commit()
            journal.tick(now, snapshot: snapshot)
            resumeAccepting()
            if isDraining && clients.count == 0 { isStopped = true }
        }
        closeAll()
    }

    /// Serves upstreams first: one that has closed meanwhile must not be given to a client.
    @inline(__always)
    private mutating func dispatchAll(_ count: Int) {
        for index in 0..<count {
            let event = epoll.event(at: index)
            if EventToken(rawValue: event.token).kind == .upstream { dispatch(event) }
        }
        for index in 0..<count {
            let event = epoll.event(at: index)
            if EventToken(rawValue: event.token).kind != .upstream { dispatch(event) }
        }
    }

    private func sleepMilliseconds() -> Int64 {
        let limit = clientDeadlines.sleepMilliseconds(
            now: now.milliseconds,
            limit: Self.sleepMillisecondsMax
        )
        let rest = max(
            0,
            acceptResumes == Deadlines.never ? limit : acceptResumes - now.milliseconds
        )
        return upstreamDeadlines.sleepMilliseconds(now: now.milliseconds, limit: min(limit, rest))
    }

    @inline(__always)
    private mutating func dispatch(_ event: Epoll.Event) {
        let token = EventToken(rawValue: event.token)
        switch token.kind {
        case .client:
            let key = Slab<ClientConnection>.Key(slot: token.slot, generation: token.generation)
            guard clients.contains(key) else { return }
            clients[token.slot].transport.note(event.readiness)
            clientReady(key)
        case .upstream:
            let key = Slab<UpstreamConnection>.Key(slot: token.slot, generation: token.generation)
            guard upstreams.contains(key) else { return }
            upstreams[token.slot].transport.note(event.readiness)
            upstreamReady(key, event.readiness)
        case .listener: accept(Int(token.slot))
        case .mailbox: takeMessages()
        case nil: break
        }
    }

    /// Acts on the deadlines that have passed.
    private mutating func sweep() {
        clientDeadlines.sweep(now: now.milliseconds, into: &passed)
        while let slot = passed.popLast() {
            if let key = clients.key(at: Int(slot)) { clientDeadlinePassed(key) }
        }
        upstreamDeadlines.sweep(now: now.milliseconds, into: &passed)
        while let slot = passed.popLast() {
            if let key = upstreams.key(at: Int(slot)) { upstreamDeadlinePassed(key) }
        }
    }

    private func watchMailbox() {
        let token = EventToken(.mailbox, slot: 0)
        do {
            try epoll.add(mailbox.descriptor, interest: .read, token: token.rawValue)
        } catch {
            preconditionFailure("a new epoll takes its first descriptor: \(error)")
        }
    }

    private mutating func closeAll() {
        for slot in clients.slots {
            guard let key = clients.key(at: slot) else { continue }
            if clients[key.slot].phase == .exchanging { finish(key, fault: .gatewayShutdown) }
            drop(key, aborting: clients[key.slot].phase == .exchanging)
        }
        for slot in upstreams.slots {
            if let key = upstreams.key(at: slot) { closeUpstream(key) }
        }
        for listener in listeners { Socket.close(listener.socket) }
        listeners = []
        journal.close(now)
    }
}

/// The time of the loop's turn, read once a turn.
struct LoopTime {
    /// A clock that only goes forward.
    private(set) var microseconds: Int64 = 0

    /// The time since 1970.
    private(set) var unixMilliseconds: Int64 = 0

    /// The same for a `Date` field.
    private(set) var date = HTTPDate()

    init() { refresh() }

    var milliseconds: Int64 { microseconds / 1_000 }
    var unixSeconds: Int64 { unixMilliseconds / 1_000 }

    mutating func refresh() {
        microseconds = Clock.monotonicMicroseconds()
        unixMilliseconds = Clock.unixMilliseconds()
        date.advance(to: unixSeconds)
    }
}

/// A listening socket of one loop.
struct LoopListener: Sendable {
    let socket: Int32

    /// An index into the snapshot's listeners.
    let index: Int
    var isWatched = false
}
