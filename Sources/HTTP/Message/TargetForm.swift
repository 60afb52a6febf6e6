/// The four forms of a request target (RFC 9112 section 3.2).
public enum TargetForm: Equatable, Sendable {
    /// A path, perhaps with a query: `/v1/events?limit=1`.
    case origin

    /// A whole URI: `https://acme.example/v1/events`.
    case absolute

    /// A host and a port, for `CONNECT` only.
    case authority

    /// `*`, for `OPTIONS` only.
    case asterisk
}
