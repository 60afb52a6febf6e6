extension CompiledPolicy {
    /// Runs `test` lines and returns a diagnostic for each that fails.
    func failures(of tests: [PolicyTest]) -> [Diagnostic] {
        var tenants: [String: Int] = [:]
        for (index, name) in tenantNames.enumerated() { tenants[name] = index }
        return tests.compactMap { test in
            let tenant = test.tenant.flatMap { tenants[$0.text] }
            let (outcome, route) = outcome(of: test, tenant)
            let place = route.map { ", by route `\(routes[$0].name)`" } ?? ""
            guard !outcome.meets(test.expectation) else {
                guard let fault = missingEvidence(of: test, outcome, route) else { return nil }
                return Diagnostic("test `\(test.name)` failed: \(fault)\(place)", at: test.position)
            }
            return Diagnostic(
                "test `\(test.name)` failed: "
                    + "expected \(test.expectation.text), came out \(outcome.text)\(place)",
                at: test.position
            )
        }
    }

    /// What becomes of a test's request, and by which route, in the order of a real one.
    func outcome(of test: PolicyTest, _ tenant: Int?) -> (PolicyOutcome, route: Int?) {
        let path = Array(test.path.utf8)
        guard CanonicalPath.fault(of: path) == nil else { return (.pathNotCanonical, nil) }
        var parameters = PathParameters()
        let method = MethodCode(name: test.method)
        let route: Int
        switch match(method: method, path: path.span, parameters: &parameters) {
        case .notFound: return (.routeNotFound, nil)
        case .methodNotAllowed: return (.methodNotAllowed, nil)
        case .route(let index): route = index
        }
        if let refusal = refusal(of: test, route, tenant) { return (refusal, route) }
        guard parameterFaults(parameters, in: path.span).isEmpty else {
            return (.invalidRequest, route)
        }
        // A query is looked at before what stands in it, a form after what it may be at all.
        let outcome = routes[route].outcome(of: test)
        if outcome == .allow || routes[route].checksAuthorization,
            let fault = authorizationFault(of: test, route: route, tenant: tenant)
        {
            return (PolicyOutcome(fault), route)
        }
        return (outcome, route)
    }

    /// Why the caller of a test may not call a route, `nil` when he may.
    private func refusal(of test: PolicyTest, _ route: Int, _ tenant: Int?) -> PolicyOutcome? {
        guard routes[route].access != .authorized || test.hasToken else {
            return .credentialsMissing
        }
        let ruleSet = rules.ruleSet(ofRoute: route, anyTenant: tenant)
        let facts = test.facts(among: conditions(ofAnyTenant: tenant))
        switch verdict(route, by: ruleSet, facts) {
        case .allow: return nil
        case .deny(.roleMissing): return .roleMissing
        case .deny(.denied): return .denied
        }
    }
}

extension CompiledRoute {
    /// What becomes of a test's query and, where the line gives one, of its body.
    fileprivate func outcome(of test: PolicyTest) -> PolicyOutcome {
        let query = Array((test.query ?? "").utf8)
        var isFaulty = !QueryForm.isKept(by: query)
        if checksQuery, !isFaulty { isFaulty = !faults(inQuery: query.span).isEmpty }
        if let text = test.body {
            let body = Array(text.utf8)
            if !isFaulty, body.count > bodyBytesMax { return .bodyTooLarge }
            isFaulty = isFaulty || !faults(inBody: body).isEmpty
        }
        return isFaulty ? .invalidRequest : .allow
    }
}

extension PolicyTest {
    /// What of `conditions` the line says about its caller.
    fileprivate func facts(among conditions: [Condition]) -> FactSet {
        var facts = FactSet()
        for (fact, condition) in conditions.enumerated() where makes(condition) {
            facts.insert(fact)
        }
        return facts
    }

    private func makes(_ condition: Condition) -> Bool {
        switch condition {
        case .role(let role): roles.contains { $0.text == role }
        case .scope(let scope): scopes.contains(scope)
        case .client(let wanted): client == wanted
        case .claim(let path, let test):
            claims.contains { $0.path == path && $0.meets(test) }
        case .from(let range): address.map(range.contains) ?? false
        }
    }
}

extension PolicyTest.Claim {
    /// Whether the claim, as far as this line gives it, passes a test.
    fileprivate func meets(_ test: ClaimTest) -> Bool {
        switch test {
        case .equals(let wanted): value == wanted
        case .contains(let wanted):
            isElement ? value == wanted : value.split(separator: " ").contains { $0 == wanted }
        }
    }
}

extension PolicyTest.Expectation {
    /// The expectation as written.
    fileprivate var text: String {
        switch self {
        case .allow: "allow"
        case .status(let status): "\(status)"
        case .code(let code): "`\(code)`"
        }
    }
}

extension PolicyOutcome {
    /// The outcome as a message names it.
    fileprivate var text: String {
        status.map { "\($0) `\(rawValue)`" } ?? rawValue
    }
}
