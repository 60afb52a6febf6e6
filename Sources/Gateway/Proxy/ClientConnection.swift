import HTTP
import Policy

/// One client's connection.
struct ClientConnection: ~Copyable {
    /// Where a connection stands between its requests.
    enum Phase: UInt8 {
        case handshaking

        /// Between requests, or in the middle of a head.
        case readingHead

        /// A request waits until its token can be judged.
        case waiting

        /// A request is being answered by an upstream or off the loop.
        case exchanging

        /// The last answer is out; what still comes is thrown away until the peer closes.
        case lingering
    }

    /// What the deadline of a connection is for.
    enum Wait: UInt8 {
        case handshake
        case head

        /// Between requests, record buffers still held.
        case quiet

        /// Between requests, record buffers freed.
        case idle

        /// For keys, or for what an authorization server says of a token.
        case identity

        /// For more of a request's body.
        case body

        /// For the client to take what waits to be sent.
        case sending

        /// For the upstream, which has deadlines of its own.
        case upstream

        /// For the peer to close.
        case lingering
    }

    /// The most bytes thrown away after the last answer.
    static let lingerBytesMax = 256 * 1_024

    /// How long a peer may take to close after the last answer.
    static let lingerMilliseconds: Int64 = 2_000

    var transport: Transport
    var input = ByteQueue()
    var scanner = HeadScanner(.request)
    var phase = Phase.handshaking
    var wait = Wait.handshake

    /// The client's address, for counting and for events.
    let address: AddressKey

    /// The same as text, for events and for forwarded headers.
    var addressText = AddressText()

    /// The exchange in hand; means something in `.exchanging`.
    var exchange = Exchange()

    /// Whether the client was asked for a certificate.
    let wasAsked: Bool

    /// The certificate that the client has shown.
    var certificate: Thumbprint?

    /// The bytes of the head that waits; means something in `.waiting`.
    var waitingHeadBytes = 0

    /// The lookup that the head waits for, 0 when it waits for keys; means something in `.waiting`.
    var lookup: UInt64 = 0

    /// The request that waits until its body is whole, or whose body is being passed on.
    var held: HeldRequest?

    /// A copy of a body that passes through, when something of it is captured.
    var tap = BodyTap()

    /// The head that is sent on when the request's START is on the disk.
    var uncommitted = ByteQueue()

    /// What is left of an answer that was worked out off the loop and is larger than the queue.
    var rest: [UInt8] = []

    /// What the kernel had not delivered when the client was last found not to take more.
    var outstandingBytes = Int.max

    /// Bytes thrown away while lingering.
    var lingered = 0

    /// Bytes of a body that nobody reads, behind the head in the buffer.
    var skipsAfterHead = 0

    /// Whether the connection ends with the exchange in hand.
    var closesAfterAnswer = false

    init(transport: consuming Transport, address: AddressKey, wasAsked: Bool) {
        self.transport = transport
        self.address = address
        self.wasAsked = wasAsked
    }
}
