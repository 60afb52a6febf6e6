/// What the configuration says about a tenant that the policy compiler needs.
public struct TenantPolicyInput: Sendable {
    /// The tenant's name.
    public let name: String

    /// Its `route NAME { ... }` statements.
    public let routes: [Statement]

    /// The roles that its `role ROLE from VALUE` lines give.
    public let mappedRoles: [Word]

    /// Who may ask its authorization endpoint.
    public let clients: [RegisteredClient]

    /// Creates an input.
    public init(
        name: String,
        routes: [Statement],
        mappedRoles: [Word] = [],
        clients: [RegisteredClient] = []
    ) {
        self.clients = clients
        self.name = name
        self.routes = routes
        self.mappedRoles = mappedRoles
    }
}
