extension CompiledPolicy {
    /// The scopes, separated by spaces, that would satisfy a rule of the route; often none.
    ///
    /// For the `scope` of an `insufficient_scope` challenge (RFC 6750 section 3).
    public func scopes(route: Int, tenant: Int) -> [UInt8] {
        let set = rules.ruleSets[rules.ruleSet(ofRoute: route, tenant: tenant)]
        return rules.scopes[Int(set.scopes)]
    }

    /// Every scope that would satisfy a rule of the tenant, each once, in the order of the routes.
    public func scopes(tenant: Int) -> [[UInt8]] {
        var seen: Set<[UInt8]> = []
        return routes.indices.flatMap { route in
            scopes(route: route, tenant: tenant).split(separator: 0x20).map { Array($0) }
        }
        .filter { seen.insert($0).inserted }
    }
}
