/// Why a request of the gateway's own had no answer.
enum OutboundFailure: Error, Hashable, Sendable {
    /// The resolver knows no address of the host.
    case unresolved(host: String)

    /// No connection could be made, or it broke.
    case connection(String)

    /// The certificate, the handshake, or the file of authorities.
    case tls(String)

    /// The answer was not complete in time.
    case timeout

    /// The answer breaks the rules of HTTP/1.
    case notHTTP

    /// The answer's body is compressed, which was not asked for.
    case encoded

    /// The answer's head or body is larger than allowed.
    case tooLarge

    /// A redirect that is not followed: to another origin, too many, or none allowed.
    case redirected

    /// The client was stopped.
    case stopped

    /// More requests are under way than the client has room for.
    case busy
}

extension OutboundFailure: CustomStringConvertible {
    /// For an operator: never what was sent, nor what came back.
    var description: String {
        switch self {
        case .unresolved(let host): "the host `\(host)` cannot be resolved"
        case .connection(let because): "no connection: \(because)"
        case .tls(let because): "tls failed: \(because)"
        case .timeout: "no answer in time"
        case .notHTTP: "the answer is not HTTP/1.1"
        case .encoded: "the answer has a content coding that was not asked for"
        case .tooLarge: "the answer is larger than allowed"
        case .redirected: "the server redirects to elsewhere"
        case .stopped: "the gateway is stopping"
        case .busy: "too many requests of the gateway's own are under way"
        }
    }
}
