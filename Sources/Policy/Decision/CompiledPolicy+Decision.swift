extension CompiledPolicy {
    /// Decides one request of a caller whose token is valid.
    ///
    /// Any deny line that holds refuses; otherwise any allow line that holds suffices. A public
    /// route and one that passes credentials have no allow lines, so nobody is allowed this way.
    ///
    /// - Parameters:
    ///   - route: An index into `routes`.
    ///   - tenant: The tenant whose host the request names.
    ///   - facts: What holds of `conditions(ofTenant:)` of the same tenant.
    /// - Returns: A permit for this one request, or why there is none.
    public func decide(route: Int, tenant: Int, facts: FactSet) -> Verdict {
        decide(route, by: rules.ruleSet(ofRoute: route, tenant: tenant), facts)
    }

    /// Decides by the lines of one rule set.
    func decide(_ route: Int, by ruleSet: Int, _ facts: FactSet) -> Verdict {
        let set = rules[ruleSet]
        var rule = set.denyStart
        while rule < set.allowStart {
            if rules.holds(rule, facts) { return .deny(.denied) }
            rule += 1
        }
        while rule < set.end {
            if rules.holds(rule, facts) {
                let id = RuleID(rawValue: UInt32(truncatingIfNeeded: rule - set.denyStart))
                return .allow(Permit(route: route, rule: id))
            }
            rule += 1
        }
        return .deny(set.asksForRole ? .roleMissing : .denied)
    }

    /// Decides one request of a route that is public or passes credentials.
    ///
    /// Any other route is denied.
    ///
    /// - Parameters:
    ///   - route: An index into `routes`.
    ///   - tenant: The tenant whose host the request names.
    ///   - facts: What `facts(of:tenant:)` says of the connection.
    /// - Returns: A permit for this one request, or why there is none.
    public func decideWithoutToken(route: Int, tenant: Int, facts: FactSet) -> Verdict {
        decideWithoutToken(route, by: rules.ruleSet(ofRoute: route, tenant: tenant), facts)
    }

    /// Decides by the deny lines of one rule set.
    func decideWithoutToken(_ route: Int, by ruleSet: Int, _ facts: FactSet) -> Verdict {
        guard routes[route].access != .authorized else { return .deny(.denied) }
        for rule in rules[ruleSet].denies where rules.holds(rule, facts) {
            return .deny(.denied)
        }
        return .allow(Permit(route: route, rule: nil))
    }
}
