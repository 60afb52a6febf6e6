/// What the configuration says about a tenant that the policy compiler needs.
public struct TenantPolicyInput: Sendable {
    /// The tenant's name.
    public let name: String

    /// Its `route NAME { ... }` statements.
    public let routes: [Statement]

    /// Creates an input.
    public init(name: String, routes: [Statement]) {
        self.name = name
        self.routes = routes
    }
}
