import HTTP

/// How much of a request's body is still to come from the client, or to go to the upstream.
enum RequestBody: Equatable, Sendable {
    /// All of it was taken, or there is none.
    case complete

    /// `Content-Length` less what was taken.
    case length(remaining: UInt64)

    /// In chunks; the decoder knows where it stands.
    case chunked(ChunkedDecoder, taken: UInt64)

    /// All of it was taken and is held; so much of it was passed on.
    case held(passed: Int)

    init(_ framing: BodyFraming) {
        switch framing {
        case .none, .untilClose, .length(0): self = .complete
        case .length(let count): self = .length(remaining: count)
        case .chunked: self = .chunked(ChunkedDecoder(.request), taken: 0)
        }
    }

    var isComplete: Bool { self == .complete }

    /// Whether the client has sent all of it, passed on or not.
    var isReceived: Bool {
        switch self {
        case .complete, .held: true
        case .length, .chunked: false
        }
    }
}
