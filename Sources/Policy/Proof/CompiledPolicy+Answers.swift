extension CompiledPolicy {
    /// What a caller is answered on a route, with what else it depends on.
    ///
    /// `allow`, `allow if scope s`, `allow unless client old`, `403 role-missing` and so on. Two
    /// answers that read the same are the same.
    ///
    /// - Parameters:
    ///   - route: An index into `routes`.
    ///   - tenant: A tenant's index; `nil` asks for the policy without any override.
    ///   - caller: Who asks.
    /// - Returns: The answer in words.
    public func answer(route: Int, tenant: Int?, caller: PolicyCaller) -> String {
        guard routes[route].access != .authorized || caller != .stranger else {
            return Self.text(.credentialsMissing)
        }
        let set = rules[rules.ruleSet(ofRoute: route, anyTenant: tenant)]
        let lines = LineComparison(rules, conditions(ofAnyTenant: tenant))
        let denies = set.denies.compactMap {
            rest(of: lines.clauses(of: $0), for: caller)
        }
        guard !denies.contains([]) else { return Self.text(.denied) }
        var allows: [Set<String>] = [[]]
        if routes[route].access == .authorized {
            allows = set.allows.compactMap {
                rest(of: lines.clauses(of: $0), for: caller)
            }
            guard !allows.isEmpty else {
                return Self.text(set.asksForRole ? .roleMissing : .denied)
            }
        }
        let ifs = allows.contains([]) ? "" : " if " + Self.alternatives(allows)
        return "allow" + ifs + (denies.isEmpty ? "" : " unless " + Self.alternatives(denies))
    }

    /// What a line asks for besides the caller's role; `nil` when it asks for roles and that is none
    /// of them.
    private func rest(of clauses: [[Condition]], for caller: PolicyCaller) -> Set<String>? {
        var rest: Set<String> = []
        var asksForRole = false
        var isMeant = false
        for clause in clauses {
            let isOfRoles = clause.contains { if case .role = $0 { true } else { false } }
            asksForRole = asksForRole || isOfRoles
            if case .role(let role) = caller, clause.contains(.role(role)) {
                isMeant = true
            } else {
                // The order of the words of a clause changes nothing.
                let texts = clause.map { (text: Self.text(of: [$0]), condition: $0) }
                rest.insert(
                    Self.text(of: texts.sorted { $0.text < $1.text }.map(\.condition))
                )
            }
        }
        return asksForRole && !isMeant ? nil : rest
    }

    /// Each once and in one order, without those that ask for more than another does.
    private static func alternatives(_ lines: [Set<String>]) -> String {
        let distinct = Set(lines)
        return distinct.filter { line in !distinct.contains { $0.isStrictSubset(of: line) } }
            .map { $0.sorted().joined(separator: " and ") }
            .sorted().joined(separator: " or ")
    }

    private static func text(_ outcome: PolicyOutcome) -> String {
        outcome.status.map { "\($0) \(outcome.rawValue)" } ?? outcome.rawValue
    }
}
