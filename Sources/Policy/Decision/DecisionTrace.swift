/// A decision with everything that led to it, for `postern explain`.
public struct DecisionTrace: Sendable {
    /// Every deny line, then every allow line, whether or not it was needed.
    public let lines: [Line]

    /// Why the request is refused; `nil` when it is allowed.
    public let denial: Denial?

    /// The line that decided: the first that holds; `nil` when none does.
    public let decisive: Line?

    /// One allow or deny line.
    public struct Line: Hashable, Sendable {
        /// What the line does when it holds.
        public let effect: Effect

        /// What it asks for, such as `role admin, issuer and scope offers:write`.
        public let text: String

        /// Whether all of that is true of the caller.
        public let holds: Bool

        /// Where the line stands: in a policy file, or in a tenant of the configuration.
        public let position: SourcePosition
    }

    /// What a line does when it holds.
    public enum Effect: String, Hashable, Sendable {
        case allow
        case deny
    }
}
