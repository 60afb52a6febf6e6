extension CompiledPolicy {
    /// Decides like `decide`, and says what became of every line; for commands, not for requests.
    public func trace(route: Int, tenant: Int, facts: FactSet) -> DecisionTrace {
        let ruleSet = rules.ruleSet(ofRoute: route, tenant: tenant)
        let lines = lines(ofRoute: route, tenant: tenant, facts)
        let denial: Denial? =
            switch verdict(route, by: ruleSet, facts) {
            case .allow: nil
            case .deny(let denial): denial
            }
        return DecisionTrace(lines: lines, denial: denial, decisive: lines.first(where: \.holds))
    }

    /// Decides with a token where one is needed, else without.
    func verdict(_ route: Int, by ruleSet: Int, _ facts: FactSet) -> Verdict {
        routes[route].access == .authorized
            ? decide(route, by: ruleSet, facts) : decideWithoutToken(route, by: ruleSet, facts)
    }

    /// What a line without a condition asks for.
    static let anyText = "any"

    /// The lines that count on a route for a tenant, deny lines first; `nil` asks for the policy's
    /// own.
    func lines(
        ofRoute route: Int,
        tenant: Int?,
        _ facts: FactSet = FactSet()
    ) -> [DecisionTrace.Line] {
        let conditions = conditions(ofAnyTenant: tenant)
        let set = rules[rules.ruleSet(ofRoute: route, anyTenant: tenant)]
        let run = rules.written.lines(ofRoute: route, tenant: tenant)
        return (set.denyStart..<set.end).map { rule in
            DecisionTrace.Line(
                effect: rule < set.allowStart ? .deny : .allow,
                text: text(of: rule, conditions),
                holds: rules.holds(rule, facts),
                position: rules.written.position(ofLine: rule - set.denyStart, in: run)
            )
        }
    }

    /// What a rule asks for, from the facts of its clauses.
    private func text(of rule: Int, _ conditions: [Condition]) -> String {
        let clauses = rules.clauses[rules.clauses(ofRule: rule)]
        guard !clauses.isEmpty else { return Self.anyText }
        return clauses.map { clause in
            Self.text(of: conditions.indices.filter(clause.contains).map { conditions[$0] })
        }
        .joined(separator: " and ")
    }

    /// The conditions of one clause, which are of one kind.
    static func text(of conditions: [Condition]) -> String {
        var kind = ""
        let values = conditions.map { condition -> String in
            switch condition {
            case .role(let role):
                kind = "role "
                return role
            case .scope(let scope):
                kind = "scope "
                return scope
            case .client(let client):
                kind = "client "
                return client
            case .claim(let path, .equals(let value)):
                kind = "claim "
                return "\(path.joined(separator: " ")) equals \(value)"
            case .claim(let path, .contains(let value)):
                kind = "claim "
                return "\(path.joined(separator: " ")) contains \(value)"
            case .from(let range):
                kind = "from "
                return range.text
            }
        }
        return kind + values.joined(separator: ", ")
    }
}
