/// Why the policy refused a caller whose token is valid.
public enum Denial: UInt8, Hashable, Sendable, CaseIterable {
    /// No allow line holds, and at least one asks for a role.
    case roleMissing

    /// A deny line holds, or no allow line holds and none asks for a role.
    case denied

    /// The code of the refusal.
    public var code: String {
        switch self {
        case .roleMissing: "role-missing"
        case .denied: "denied"
        }
    }
}
