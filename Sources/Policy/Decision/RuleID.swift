/// Identifies an allow or deny line of a compiled policy.
public struct RuleID: RawRepresentable, Hashable, Sendable {
    /// The line's place among all lines of the policy, from 0.
    public let rawValue: UInt32

    /// Creates the identifier of the line at a place.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }
}
