extension CompiledPolicy {
    /// The scopes, separated by spaces, that would satisfy a rule of the route; often none.
    ///
    /// For the `scope` of an `insufficient_scope` challenge (RFC 6750 section 3).
    public func scopes(route: Int, tenant: Int) -> [UInt8] {
        rules.written.scopes(of: rules.written.lines(ofRoute: route, tenant: tenant))
    }

    /// Every scope that an allow line in force for the tenant asks for, each once.
    public func scopes(tenant: Int) -> [String] {
        let sets = routes.indices.map { rules.ruleSet(ofRoute: $0, tenant: tenant) }
        let clauses = sets.flatMap { index in
            rules[index].allows.flatMap { rules.clauses[rules.clauses(ofRule: $0)] }
        }
        return conditions(ofTenant: tenant).enumerated().compactMap { number, condition in
            guard case .scope(let scope) = condition else { return nil }
            return clauses.contains { $0.contains(number) } ? scope : nil
        }
    }
}
