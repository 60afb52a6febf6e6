/// What is true of a caller of whom not everything is known.
struct PartialFacts: Hashable, Sendable {
    /// The conditions that hold.
    var known = FactSet()

    /// The conditions of which it is not known.
    var open = FactSet()
}

/// What the lines of a route come to when not everything is known of the caller.
enum PartialVerdict: Hashable, Sendable {
    case allow

    /// Refused, with one of these codes.
    case refuse([Denial])

    /// Allowed or refused, depending on these conditions.
    case open([Condition])
}

extension CompiledPolicy {
    /// Decides like `decide`, by the logic of three values of Kleene: what is the same whatever the
    /// open conditions be is known.
    func decide(route: Int, tenant: Int, partly facts: PartialFacts) -> PartialVerdict {
        let set = rules[rules.ruleSet(ofRoute: route, tenant: tenant)]
        guard !set.denies.contains(where: { rules.holds($0, facts.known) }) else {
            return .refuse([.denied])
        }
        let openDenies = set.denies.filter { rules.mayHold($0, facts) }
        let isAllowed =
            routes[route].access != .authorized
            || set.allows.contains { rules.holds($0, facts.known) }
        let openAllows = isAllowed ? [] : set.allows.filter { rules.mayHold($0, facts) }
        if isAllowed, openDenies.isEmpty { return .allow }
        if !isAllowed, openAllows.isEmpty {
            let denial: Denial = set.asksForRole ? .roleMissing : .denied
            return .refuse(openDenies.isEmpty || denial == .denied ? [denial] : [denial, .denied])
        }
        let conditions = conditions(ofTenant: tenant)
        var asked: [Condition] = []
        for rule in openDenies + openAllows {
            for fact in rules.openFacts(of: rule, facts) where !asked.contains(conditions[fact]) {
                asked.append(conditions[fact])
            }
        }
        return .open(asked)
    }
}

extension RuleTable {
    /// Whether every clause of a rule shares a fact with what holds or is open.
    fileprivate func mayHold(_ rule: Int, _ facts: PartialFacts) -> Bool {
        var possible = facts.known
        possible.formUnion(facts.open)
        return holds(rule, possible)
    }

    /// The open facts of the clauses that nothing known fulfils.
    fileprivate func openFacts(of rule: Int, _ facts: PartialFacts) -> [Int] {
        let unfulfilled = clauses[clauses(ofRule: rule)].filter { !$0.intersects(facts.known) }
        return (0..<FactSet.factsMax).filter { fact in
            facts.open.contains(fact) && unfulfilled.contains { $0.contains(fact) }
        }
    }
}
