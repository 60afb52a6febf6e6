/// One connection to an origin.
struct OutboundConnection: ~Copyable {
    enum Phase {
        /// The TCP connection is being made.
        case connecting

        /// TLS is being agreed on.
        case handshaking

        /// A request is under way.
        case exchanging

        /// Kept alive, in the pool.
        case idle
    }

    let origin: OutboundOrigin
    var transport: Transport
    var phase = Phase.connecting

    /// When it was made, in monotonic milliseconds.
    let madeAt: Int64

    /// Whose request it serves.
    var call: Slab<OutboundCall>.Key?

    /// What is still to be sent of the request.
    var unsent: ArraySlice<UInt8> = []

    /// Whether the server takes no more; it may still answer.
    var isDeaf = false

    /// Whether it served a request before, so that it may have died unseen.
    var isReused = false

    /// Whether any byte of the answer has arrived.
    var hasAnswered = false

    init(origin: OutboundOrigin, transport: consuming Transport, madeAt: Int64) {
        self.origin = origin
        self.transport = transport
        self.madeAt = madeAt
    }

    /// Whether another request can be sent after a complete answer.
    func isClean(at now: Int64) -> Bool {
        unsent.isEmpty && !isDeaf && !transport.hasUnsent && !transport.hasPending
            && !transport.peerEnded && now - madeAt < OutboundPool.ageMillisecondsMax
    }
}
