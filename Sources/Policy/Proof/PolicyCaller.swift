/// Somebody whose answers are compared: what is known of him is that he has these roles.
public enum PolicyCaller: Hashable, Sendable {
    /// Has no token.
    case stranger

    /// Has a valid token that gives no role.
    case anybody

    /// Has a valid token that gives this role only.
    case role(String)

    /// How a comparison names him.
    public var text: String {
        switch self {
        case .stranger: "no token"
        case .anybody: "any token"
        case .role(let role): "role \(role)"
        }
    }
}
