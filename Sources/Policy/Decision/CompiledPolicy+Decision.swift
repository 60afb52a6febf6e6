extension CompiledPolicy {
    /// Decides one request of a caller whose token is valid.
    ///
    /// Any deny line that holds refuses; otherwise any allow line that holds suffices. A public
    /// route and one that passes credentials have no lines, so nobody is allowed this way.
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
        let set = rules.ruleSets[ruleSet]
        var rule = Int(set.denyStart)
        while rule < Int(set.allowStart) {
            if rules.holds(rule, facts) { return .deny(.denied) }
            rule += 1
        }
        while rule < Int(set.end) {
            if rules.holds(rule, facts) {
                let id = RuleID(rawValue: UInt32(truncatingIfNeeded: rule))
                return .allow(Permit(route: route, rule: id))
            }
            rule += 1
        }
        return .deny(set.asksForRole ? .roleMissing : .denied)
    }

    /// The permit of a request that needs no token of ours: of a public route or one that passes
    /// credentials; `nil` for every other.
    public func permitWithoutToken(route: Int) -> Permit? {
        guard routes[route].access != .authorized else { return nil }
        return Permit(route: route, rule: nil)
    }
}
