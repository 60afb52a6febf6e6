extension RuleTable {
    /// Adds the lines of a route, or of a tenant's override of one, and returns their rule set.
    ///
    /// - Throws: A diagnostic when the policy has more conditions than there are facts.
    mutating func add(
        _ lines: RuleLines,
        facts: inout FactNumbering
    ) throws(Diagnostic) -> Int {
        let denyStart = rules.count
        for line in lines.denies { try add(line, facts: &facts) }
        let allowStart = rules.count
        for line in lines.allows { try add(line, facts: &facts) }
        ruleSets.append(
            RuleSet(
                denyStart: Int32(denyStart),
                allowStart: Int32(allowStart),
                end: Int32(rules.count),
                asksForRole: lines.allows.contains { !$0.roles.isEmpty || !$0.groups.isEmpty },
                scopes: addScopes(of: lines.allows)
            )
        )
        return ruleSets.count - 1
    }

    private mutating func add(_ line: RuleLine, facts: inout FactNumbering) throws(Diagnostic) {
        var masks: [FactSet] = []
        for clause in line.clauses {
            var mask = FactSet()
            for condition in clause {
                guard let fact = facts.number(of: condition) else {
                    throw Diagnostic(
                        "more than \(FactSet.factsMax) different conditions",
                        at: line.position
                    )
                }
                mask.insert(fact)
            }
            masks.append(mask)
        }
        let start = place(of: masks)
        rules.append(Rule(clauseStart: start, clauseEnd: start + Int32(masks.count)))
        positions.append(line.position)
    }

    /// Where these clauses stand in `clauses`; lines of many tenants share few of them, which then
    /// stay in the processor's cache.
    private mutating func place(of masks: [FactSet]) -> Int32 {
        if let start = clausePlaces[masks] { return start }
        let start = Int32(clauses.count)
        clauses += masks
        clausePlaces[masks] = start
        return start
    }

    /// Keeps the scopes of the first allow line that asks for any: all of them together are one
    /// way to satisfy it, which is what a challenge should name (RFC 6750 section 3).
    private mutating func addScopes(of allows: [RuleLine]) -> Int32 {
        for line in allows {
            let wanted = line.clauses.joined().compactMap { condition -> String? in
                if case .scope(let scope) = condition { scope } else { nil }
            }
            guard !wanted.isEmpty else { continue }
            scopes.append(Array(wanted.joined(separator: " ").utf8))
            return Int32(scopes.count - 1)
        }
        return 0
    }

    /// Adds the overrides of the next tenant, by route.
    mutating func addTenant(_ ruleSets: [Int: Int]) {
        for (route, ruleSet) in ruleSets.sorted(by: { $0.key < $1.key }) {
            overrides.append(Override(route: Int32(route), ruleSet: Int32(ruleSet)))
        }
        overrideStarts.append(Int32(overrides.count))
    }
}
