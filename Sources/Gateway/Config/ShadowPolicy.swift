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
    /// - Parameters:
    ///   - loaded: The configuration.
    ///   - absent: Tenants that are known and not there, whose tests do not run.
    /// - Throws: Everything that is wrong with it; it is held to what the policy in force is held to.
    init?(of loaded: LoadedConfiguration, absent: Set<String> = []) throws(InvalidPolicy) {
        guard !loaded.shadowFiles.isEmpty else { return nil }
        let documents = loaded.shadowFiles.map {
            PolicyReader.read($0.statements, sources: loaded.sources)
        }
        let names = Set(documents.flatMap(\.routeNames))
        var leftOut: [LeftOut] = []
        let tenants = loaded.configuration.tenants.map { tenant in
            var input = TenantPolicyInput(tenant)
            for name in input.routes.keepOnly(names) {
                leftOut.append(LeftOut(tenant: tenant.name, route: name))
            }
            return input
        }
        policy = try PolicyCompiler.compile(
            documents,
            tenants: tenants,
            absent: absent,
            sources: loaded.sources
        )
        self.leftOut = leftOut
    }
}

extension TenantPolicyInput {
    /// What a tenant says that a policy needs.
    init(_ tenant: Configuration.Tenant) {
        self.init(
            name: tenant.name,
            routes: tenant.routes,
            mappedRoles: tenant.tokens?.mappedRoles ?? [],
            clients: tenant.clients,
            position: tenant.position
        )
    }
}
