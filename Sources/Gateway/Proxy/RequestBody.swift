import HTTP

/// How much of a request's body is still to come from the client.
enum RequestBody: Equatable, Sendable {
    /// All of it was taken, or there is none.
    case complete

    /// `Content-Length` less what was taken.
    case length(remaining: UInt64)

    /// In chunks; the decoder knows where it stands.
    case chunked(ChunkedDecoder, taken: UInt64)

    init(_ framing: BodyFraming) {
        switch framing {
        case .none, .untilClose, .length(0): self = .complete
        case .length(let count): self = .length(remaining: count)
        case .chunked: self = .chunked(ChunkedDecoder(.request), taken: 0)
        }
    }

    var isComplete: Bool { self == .complete }
}
