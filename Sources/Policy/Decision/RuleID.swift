/// Identifies an allow or deny line among those that count on a route for a tenant.
public struct RuleID: RawRepresentable, Hashable, Sendable {
    /// The line's place among them, from 0, deny lines first.
    public let rawValue: UInt32

    /// Creates the identifier of the line at a place.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }
}
