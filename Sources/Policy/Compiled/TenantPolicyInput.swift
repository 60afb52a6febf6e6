/// What the configuration says about a tenant that the policy compiler needs.
public struct TenantPolicyInput: Sendable {
    /// The tenant's name.
    public let name: String

    /// Its `route NAME { ... }` blocks.
    public var routes: TenantRoutes

    /// The roles that its `role ROLE from VALUE` lines give.
    public let mappedRoles: [Word]

    /// Who may ask its authorization endpoint.
    public let clients: [RegisteredClient]

    /// Where its name stands.
    public let position: SourcePosition?

    /// What is wrong with its blocks.
    let diagnostics: [Diagnostic]

    /// Creates an input of blocks that have been read.
    public init(
        name: String,
        routes: TenantRoutes,
        mappedRoles: [Word] = [],
        clients: [RegisteredClient] = [],
        position: SourcePosition? = nil
    ) {
        self.clients = clients
        self.name = name
        self.routes = routes
        self.mappedRoles = mappedRoles
        self.position = position
        diagnostics = []
    }

    /// Creates an input of statements; what is wrong with them is reported when they are compiled.
    ///
    /// - Parameters:
    ///   - name: The tenant's name.
    ///   - statements: Its `route NAME { ... }` statements.
    ///   - sources: The files that they come from.
    public init(name: String, statements: [Statement], sources: SourceMap) {
        var reader = StatementReader(sources: sources)
        var shared = SharedRuleLines()
        var routes = TenantRoutes()
        for statement in statements { routes.read(statement, sharing: &shared, &reader) }
        self.name = name
        self.routes = routes
        mappedRoles = []
        clients = []
        position = nil
        diagnostics = reader.diagnostics
    }
}
