import Policy

/// A second policy that decides beside the one in force and changes no answer.
struct ShadowPolicy: Sendable {
    let policy: CompiledPolicy

    /// Tenants' `route` blocks for which it has no route, so that they count for the other one only.
    let leftOut: [LeftOut]

    /// One such block.
    struct LeftOut: Hashable, Sendable {
        let tenant: String
        let route: String
    }

    /// Compiles what the `shadow` lines name and runs its tests; `nil` without such a line.
    ///
    /// - Throws: Everything that is wrong with it; it is held to what the policy in force is held to.
    init?(of loaded: LoadedConfiguration) throws(InvalidPolicy) {
        guard !loaded.shadowFiles.isEmpty else { return nil }
        let documents = loaded.shadowFiles.map {
            PolicyReader.read($0.statements, sources: loaded.sources)
        }
        let names = Set(documents.flatMap(\.routeNames))
        var leftOut: [LeftOut] = []
        let tenants = loaded.configuration.tenants.map { tenant in
            let isKnown = { (line: Statement) in
                line.words.count < 2 || names.contains(line.words[1].text)
            }
            for line in tenant.routes where !isKnown(line) {
                leftOut.append(LeftOut(tenant: tenant.name, route: line.words[1].shown))
            }
            return TenantPolicyInput(tenant, routes: tenant.routes.filter(isKnown))
        }
        policy = try PolicyCompiler.compile(documents, tenants: tenants, sources: loaded.sources)
        self.leftOut = leftOut
    }
}

extension TenantPolicyInput {
    /// What a tenant says that a policy needs, with some of its `route` blocks.
    init(_ tenant: Configuration.Tenant, routes: [Statement]) {
        self.init(
            name: tenant.name,
            routes: routes,
            mappedRoles: tenant.tokens?.mappedRoles ?? [],
            clients: tenant.clients
        )
    }
}
