import Policy

/// What the authorization server said of an opaque token.
enum IntrospectionOutcome: Sendable {
    /// It is good, and may be remembered until the time given, in seconds since 1970.
    ///
    /// That was found under the rules of the generation given, and holds under no others: what a
    /// principal may do is numbered by them.
    case active(Principal, usableUntil: Int64, rulesGeneration: UInt64)

    /// It is not, or the server could not be asked.
    case refused(TokenRefusal)
}
