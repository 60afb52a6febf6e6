/// What one check of an authorization request found, for people.
public struct AuthorizationFinding: Sendable {
    /// The parameter that was looked at; `nil`: the query as a whole.
    public let parameter: AuthorizationParameter?

    /// Its value, decoded; `nil` when it is missing or empty.
    public internal(set) var value: String?

    /// What is wrong; `nil` when nothing is.
    public internal(set) var fault: AuthorizationFault?
}
