/// The field names that the gateway treats in a way of its own.
///
/// A name belongs to a case in every spelling: capitals or small letters, and `_` or `.` for `-`,
/// because the applications behind the gateway do not tell those apart.
public enum KnownField: UInt8, Equatable, Sendable, CaseIterable {
    case accept
    case authorization
    case cacheControl
    case connection
    case contentLength
    case contentType
    case cookie
    case date
    case dpop
    case dpopNonce
    case expect
    case forwarded
    case host
    case keepAlive
    case pragma
    case proxyAuthenticate
    case proxyAuthorization
    case proxyConnection
    case server
    case setCookie
    case te
    case traceparent
    case tracestate
    case trailer
    case transferEncoding
    case upgrade
    case via
    case xForwardedFor
    case xForwardedHost
    case xForwardedProto
    case xRequestID

    /// Any other name that begins with `x-forwarded-`.
    case xForwardedOther

    /// Any name that begins with `x-postern-`.
    case postern

    /// Any other name.
    case other

    /// Whether the field is about one connection and is never forwarded (RFC 9110 section 7.6.1).
    public var isHopByHop: Bool {
        switch self {
        case .connection, .keepAlive, .proxyAuthenticate, .proxyAuthorization, .proxyConnection,
            .te, .trailer, .transferEncoding, .upgrade:
            true
        default: false
        }
    }
}
