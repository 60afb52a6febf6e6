import Policy

/// What the authorization server said of an opaque token.
enum IntrospectionOutcome: Sendable {
    /// It is good, and may be remembered until the time given, in seconds since 1970.
    case active(Principal, usableUntil: Int64)

    /// It is not, or the server could not be asked.
    case refused(TokenRefusal)
}
