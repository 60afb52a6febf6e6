/// Why a request of the gateway's own had no answer.
enum OutboundFailure: Error, Hashable, Sendable {
    case unresolved(host: String)
    case connection(String)
    case tls(String)
    case timeout
    case notHTTP
    case tooLarge

    /// A redirect that is not followed: to another origin, too many, or none allowed.
    case redirected
    case stopped

    /// More requests are under way than the client has room for.
    case busy
}
