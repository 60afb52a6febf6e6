extension CompiledPolicy {
    /// Decides like `decide`, and says what became of every line; for commands, not for requests.
    public func trace(route: Int, tenant: Int, facts: FactSet) -> DecisionTrace {
        let ruleSet = rules.ruleSet(ofRoute: route, tenant: tenant)
        let lines = lines(of: ruleSet, conditions(ofTenant: tenant), facts)
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

    /// The lines of a rule set, deny lines first.
    func lines(
        of ruleSet: Int,
        _ conditions: [Condition],
        _ facts: FactSet = FactSet()
    ) -> [DecisionTrace.Line] {
        let set = rules.ruleSets[ruleSet]
        return (Int(set.denyStart)..<Int(set.end)).map { rule in
            DecisionTrace.Line(
                effect: rule < Int(set.allowStart) ? .deny : .allow,
                text: text(of: rule, conditions),
                holds: rules.holds(rule, facts),
                position: rules.positions[rule]
            )
        }
    }

    /// What a rule asks for, from the facts of its clauses.
    private func text(of rule: Int, _ conditions: [Condition]) -> String {
        let run = rules.rules[rule]
        let clauses = rules.clauses[Int(run.clauseStart)..<Int(run.clauseEnd)]
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
