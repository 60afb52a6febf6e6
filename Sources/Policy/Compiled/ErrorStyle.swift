/// The shape of a route's refusals.
public enum ErrorStyle: String, CaseIterable, Hashable, Sendable {
    /// `{"code":"...","message":"...","details":[]}`
    case mattr

    /// `{"error":"...","error_description":"..."}` (RFC 6749 section 5.2)
    case oauth
}
