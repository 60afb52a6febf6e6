extension CompiledPolicy {
    /// The scopes, separated by spaces, that would satisfy a rule of the route; often none.
    ///
    /// For the `scope` of an `insufficient_scope` challenge (RFC 6750 section 3).
    public func scopes(route: Int, tenant: Int) -> [UInt8] {
        let set = rules.ruleSets[rules.ruleSet(ofRoute: route, tenant: tenant)]
        return rules.scopes[Int(set.scopes)]
    }

    /// Every scope that an allow line in force for the tenant asks for, each once.
    public func scopes(tenant: Int) -> [String] {
        let sets = routes.indices.map { rules.ruleSet(ofRoute: $0, tenant: tenant) }
        let clauses = sets.flatMap { index in
            let set = rules.ruleSets[index]
            return rules.rules[Int(set.allowStart)..<Int(set.end)].flatMap { rule in
                rules.clauses[Int(rule.clauseStart)..<Int(rule.clauseEnd)]
            }
        }
        return conditions(ofTenant: tenant).enumerated().compactMap { number, condition in
            guard case .scope(let scope) = condition else { return nil }
            return clauses.contains { $0.contains(number) } ? scope : nil
        }
    }
}
