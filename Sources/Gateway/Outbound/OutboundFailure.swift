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
