/// The policy in the form that decides: immutable, flat, shared by all event loops.
///
/// Made by `PolicyCompiler` only, after every check and every `test` line has passed.
public final class CompiledPolicy: Sendable {
    /// The routes in the order of the files; matches and permits carry indices into this.
    public let routes: [CompiledRoute]

    /// The templates of all `match` lines as written, in the order of the files.
    public let templates: [String]

    /// The names of the tenants; a tenant is its index in the list given to the compiler.
    public let tenantNames: [String]

    /// The number of `test` lines that passed.
    public let testCount: Int

    let trie: RouteTrie
    let parameters: ParameterTable
    let rules: RuleTable

    /// The conditions that the policy itself asks for; the facts every tenant shares.
    let sharedConditions: [Condition]

    /// For each tenant the conditions that its overrides add, numbered on from the shared ones.
    let ownConditions: [[Condition]]

    /// For each tenant what it asks of authorization requests.
    public let authorizations: [AuthorizationCheck]

    /// For each tenant the address conditions among them; empty when there are none at all.
    let tenantAddresses: [AddressConditions]

    init(
        routes: [CompiledRoute],
        templates: [String],
        tenantNames: [String],
        testCount: Int,
        trie: RouteTrie,
        parameters: ParameterTable,
        rules: RuleTable,
        sharedConditions: [Condition],
        ownConditions: [[Condition]],
        authorizations: [AuthorizationCheck]
    ) {
        self.authorizations = authorizations
        self.routes = routes
        self.templates = templates
        self.tenantNames = tenantNames
        self.testCount = testCount
        self.trie = trie
        self.parameters = parameters
        self.rules = rules
        self.sharedConditions = sharedConditions
        self.ownConditions = ownConditions
        tenantAddresses = AddressConditions.ofTenants(sharedConditions, ownConditions)
    }

    /// The number of tenants.
    public var tenantCount: Int { tenantNames.count }

    /// Everything a rule may ask of a caller of this tenant.
    ///
    /// The index of a condition is its number in the `FactSet` that `decide` takes.
    public func conditions(ofTenant tenant: Int) -> [Condition] {
        ownConditions[tenant].isEmpty
            ? sharedConditions : sharedConditions + ownConditions[tenant]
    }

    /// The conditions of a tenant; `nil` asks for the policy's own.
    func conditions(ofAnyTenant tenant: Int?) -> [Condition] {
        tenant.map(conditions(ofTenant:)) ?? sharedConditions
    }

    /// Which conditions of a tenant hold of a connection, whoever calls.
    ///
    /// - Parameters:
    ///   - address: Where it comes from.
    ///   - tenant: The tenant whose host the request names.
    /// - Returns: What to add to the facts of the caller.
    @inline(__always)
    public func facts(of address: NetworkAddress, tenant: Int) -> FactSet {
        tenantAddresses.isEmpty ? FactSet() : tenantAddresses[tenant].facts(of: address)
    }

    /// Where an allow or deny line stands.
    ///
    /// - Parameters:
    ///   - rule: The line, from the permit of a request.
    ///   - route: The route of the permit.
    ///   - tenant: The tenant for which it was given.
    /// - Returns: A place in a policy file or in the tenant's configuration.
    public func position(of rule: RuleID, route: Int, tenant: Int) -> SourcePosition {
        let lines = rules.written.lines(ofRoute: route, tenant: tenant)
        return rules.written.position(ofLine: Int(rule.rawValue), in: lines)
    }
}
