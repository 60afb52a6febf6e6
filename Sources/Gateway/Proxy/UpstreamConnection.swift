import HTTP

/// One connection to a server of an upstream.
struct UpstreamConnection: ~Copyable {
    enum Phase: UInt8 {
        /// The TCP connection is being made.
        case connecting

        /// TLS is being agreed on.
        case handshaking

        /// A request is under way.
        case exchanging

        /// Kept alive, in the pool.
        case idle
    }

    var transport: Transport
    var phase: Phase

    /// An index into the pool's servers.
    let server: Int

    /// The client whose request is under way.
    var client: Slab<ClientConnection>.Key?

    /// What the upstream sent and was not looked at yet.
    var input = ByteQueue()

    var scanner = HeadScanner(.response)

    /// The request's head: until the connection is made, and for a repetition on another one.
    var replay = ByteQueue()

    /// Whether the connection served a request before, so that it may have died unseen.
    var isReused = false

    /// Whether any byte of an answer to the request under way has arrived.
    var hasAnswered = false

    /// Whether the answer's head was passed on, so that what follows is its body.
    var isInBody = false

    /// Whether any byte of the answer was sent to the client.
    var isHeadSent = false

    /// How the body of the answer ends.
    var body = ResponseBody.complete

    /// A copy of the body, when something of it is captured.
    var tap = BodyTap()

    /// Whether what waits in the buffer is the beginning of something that has to be complete.
    var needsInput = false

    /// Whether a field of the trailer section was passed on.
    var hasTrailer = false

    /// Interim answers to the request under way.
    var interimAnswers = 0

    /// Whether the connection can serve another request after this one.
    var staysOpen = false

    init(transport: consuming Transport, phase: Phase, server: Int) {
        self.transport = transport
        self.phase = phase
        self.server = server
    }

    /// Forgets the last exchange.
    mutating func beginExchange(for client: Slab<ClientConnection>.Key) {
        self.client = client
        scanner = HeadScanner(.response)
        hasAnswered = false
        isInBody = false
        isHeadSent = false
        body = .complete
        staysOpen = false
        needsInput = false
        hasTrailer = false
        interimAnswers = 0
    }
}

/// How much of an answer's body is still to come from the upstream.
enum ResponseBody: Equatable, Sendable {
    case complete
    case length(remaining: UInt64)
    case chunked(ChunkedDecoder)
    case untilClose

    init(_ framing: BodyFraming) {
        switch framing {
        case .none, .length(0): self = .complete
        case .length(let count): self = .length(remaining: count)
        case .chunked: self = .chunked(ChunkedDecoder(.response))
        case .untilClose: self = .untilClose
        }
    }
}
