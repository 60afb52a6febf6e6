/// The thread of an `OutboundClient`: sockets, deadlines and look-ups around `OutboundExchange`.
///
/// Nothing in it waits but `epoll`; what may block happens in `ServerLookups`.
struct OutboundLoop: ~Copyable {
    typealias CallKey = Slab<OutboundCall>.Key
    typealias ConnectionKey = Slab<OutboundConnection>.Key

    /// Size of the buffers that bytes pass through.
    static let bufferBytes = 32 * 1_024

    /// The most bytes written in one go: one TLS record.
    static let writeBytesMax = 16 * 1_024

    /// How long it sleeps when nothing is due.
    static let sleepMillisecondsMax: Int64 = 60_000

    let mailbox: Mailbox<OutboundMessage>
    let epoll: Epoll
    let stage: WireStage
    var buffers = BufferPool(bufferBytes: OutboundLoop.bufferBytes)
    var input = ByteQueue()
    var calls = Slab<OutboundCall>(capacity: OutboundClient.requestsMax)
    var connections = Slab<OutboundConnection>(
        capacity: OutboundClient.requestsMax + OutboundPool.connectionsMax
    )
    var callDeadlines = Deadlines()
    var connectionDeadlines = Deadlines()
    var pool = OutboundPool()
    var lookups: ServerLookups

    /// The time of this turn, in monotonic milliseconds.
    var now = Clock.monotonicMilliseconds()
    private var passed: [UInt32] = []
    private var isStopped = false

    /// - Returns: `nil` when the system has no memory or descriptor for it.
    init?(mailbox: Mailbox<OutboundMessage>, resolve: @escaping ServerLookups.Resolve) {
        guard let stage = WireStage() else { return nil }
        do throws(Errno) {
            let epoll = try Epoll()
            let token = EventToken(.mailbox, slot: 0)
            try epoll.add(mailbox.descriptor, interest: .read, token: token.rawValue)
            self.epoll = epoll
        } catch { return nil }
        self.mailbox = mailbox
        self.stage = stage
        lookups = ServerLookups(resolve: resolve)
    }

    /// Serves until it is told to stop.
    mutating func run() {
        while !isStopped {
            let count = epoll.wait(milliseconds: Int32(sleepMilliseconds()))
            now = Clock.monotonicMilliseconds()
            // Connections first: one that its server has closed is not given to a request.
            for index in 0..<count { serveConnection(epoll.event(at: index)) }
            for index in 0..<count { serveMailbox(epoll.event(at: index)) }
            sweep()
        }
        closeAll()
    }

    private func sleepMilliseconds() -> Int64 {
        let limit = callDeadlines.sleepMilliseconds(now: now, limit: Self.sleepMillisecondsMax)
        return connectionDeadlines.sleepMilliseconds(now: now, limit: limit)
    }

    private mutating func serveConnection(_ event: Epoll.Event) {
        let token = EventToken(rawValue: event.token)
        let key = ConnectionKey(slot: token.slot, generation: token.generation)
        guard token.kind == .upstream, connections.contains(key) else { return }
        connections[key.slot].transport.note(event.readiness)
        connectionReady(key, event.readiness)
    }

    private mutating func serveMailbox(_ event: Epoll.Event) {
        guard EventToken(rawValue: event.token).kind == .mailbox else { return }
        for message in mailbox.takeAll() {
            switch message {
            case .send(let order): begin(order)
            case .found(let origin, let result): found(origin, result)
            case .stop: isStopped = true
            }
        }
        lookups.start(mailbox)
    }

    private mutating func sweep() {
        connectionDeadlines.sweep(now: now, into: &passed)
        while let slot = passed.popLast() {
            if let key = connections.key(at: Int(slot)) { connectionDeadlinePassed(key) }
        }
        callDeadlines.sweep(now: now, into: &passed)
        while let slot = passed.popLast() {
            if let key = calls.key(at: Int(slot)) { finish(key, .failure(.timeout)) }
        }
    }

    private mutating func closeAll() {
        for slot in calls.slots {
            if let key = calls.key(at: slot) { finish(key, .failure(.stopped)) }
        }
        for slot in connections.slots {
            if let key = connections.key(at: slot) { close(key) }
        }
        input.release(to: &buffers)
    }
}
