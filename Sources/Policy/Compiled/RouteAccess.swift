/// Who may call a route, before any allow or deny line is looked at.
public enum RouteAccess: UInt8, Hashable, Sendable {
    /// Anybody; a token is neither asked for nor looked at.
    case `public`

    /// Anybody; the caller's credential goes on to the upstream, which judges it.
    case credentialsPass

    /// Callers with a valid token whom the allow and deny lines let through.
    case authorized
}
