/// Finds what is allowed to stand in a policy and was hardly meant: it stops nothing.
public struct PolicyLint {
    private let policy: CompiledPolicy
    private var findings: [Diagnostic] = []
    private let sources: SourceMap

    /// What a tenant gives: the roles that its mapping names; `nil` when it takes them from tokens as
    /// they are, so that any role can be held.
    public typealias Grants = Set<String>?

    /// Looks a policy through.
    ///
    /// - Parameters:
    ///   - policy: What was compiled.
    ///   - documents: What it was compiled from.
    ///   - grants: The roles that each tenant gives, in the order of the tenants.
    ///   - sources: The files that all of it comes from.
    /// - Returns: What to warn of, in the order of the places, each once.
    public static func findings(
        in policy: CompiledPolicy,
        from documents: [PolicyDocument],
        grants: [Grants],
        sources: SourceMap
    ) -> [Diagnostic] {
        var lint = PolicyLint(policy: policy, sources: sources)
        lint.checkTests(documents.flatMap(\.tests))
        lint.checkRoles(documents)
        lint.checkLines(grants)
        var seen: Set<Diagnostic> = []
        return lint.findings.filter { seen.insert($0).inserted }
            .sorted { $0.position < $1.position }
    }

    private init(policy: CompiledPolicy, sources: SourceMap) {
        self.policy = policy
        self.sources = sources
    }

    private mutating func warn(_ message: String, at position: SourcePosition) {
        findings.append(Diagnostic(message, at: position))
    }

    /// Routes that no test reaches, be it to be refused there.
    private mutating func checkTests(_ tests: [PolicyTest]) {
        var covered = Set(tests.compactMap { policy.outcome(of: $0, nil).route })
        for (index, route) in policy.routes.enumerated() where covered.insert(index).inserted {
            warn("no test covers route `\(route.name)`", at: route.position)
        }
    }

    /// Declared roles of which no line and no test speaks.
    private mutating func checkRoles(_ documents: [PolicyDocument]) {
        var named = Set(documents.flatMap(\.tests).flatMap(\.roles).map(\.text))
        named.formUnion(documents.flatMap(\.groups).flatMap(\.roles).map(\.text))
        for condition in policy.tenantConditions.joined() + policy.sharedConditions {
            if case .role(let role) = condition { named.insert(role) }
        }
        for word in documents.flatMap(\.roles) where !named.contains(word.text) {
            warn("role `\(word.shown)` is declared, and no line asks for it", at: word.position)
        }
    }
}

// MARK: - Lines

extension PolicyLint {
    /// The lines of the policy, then those of each tenant.
    private mutating func checkLines(_ grants: [Grants]) {
        let shared = LineComparison(policy.rules, policy.sharedConditions)
        let everywhere = Self.union(grants)
        for route in policy.routes.indices { checkLines(of: route, route, shared, everywhere) }
        for (tenant, given) in grants.enumerated() {
            let own = LineComparison(policy.rules, policy.tenantConditions[tenant])
            let starts = policy.rules.overrideStarts
            for index in Int(starts[tenant])..<Int(starts[tenant + 1]) {
                let override = policy.rules.overrides[index]
                checkLines(of: Int(override.ruleSet), Int(override.route), own, given)
            }
        }
    }

    /// What all tenants together give.
    private static func union(_ grants: [Grants]) -> Grants {
        var union: Set<String> = []
        for given in grants {
            guard let given else { return nil }
            union.formUnion(given)
        }
        return union
    }

    private mutating func checkLines(
        of ruleSet: Int,
        _ route: Int,
        _ comparison: LineComparison,
        _ grants: Grants
    ) {
        let set = policy.rules.ruleSets[ruleSet]
        let denies = Int(set.denyStart)..<Int(set.allowStart)
        let allows = Int(set.allowStart)..<Int(set.end)
        let place = " in route `\(policy.routes[route].name)`"
        for rule in denies {
            let others = Array(denies)
            checkLine(rule, "deny", among: others, comparison, place)
        }
        for rule in allows {
            checkGrants(rule, comparison, grants)
            if let deny = denies.first(where: { comparison.implies(rule, $0) }) {
                let words = "this `allow` line counts for nobody\(place): the `deny` line on "
                let position = policy.rules.positions[rule]
                warn(
                    words + self.place(ofLine: deny, from: rule) + " holds whenever it does",
                    at: position
                )
            } else {
                checkLine(rule, "allow", among: Array(allows), comparison, place)
            }
        }
    }

    /// Whether a line can hold at all, and does something that no other line does.
    private mutating func checkLine(
        _ rule: Int,
        _ effect: String,
        among others: [Int],
        _ comparison: LineComparison,
        _ place: String
    ) {
        let position = policy.rules.positions[rule]
        if let contradiction = comparison.contradiction(in: rule) {
            let reason =
                switch contradiction {
                case .clients: "no caller is two clients"
                case .addresses: "no address is in both ranges"
                }
            return warn("this `\(effect)` line can never hold\(place): \(reason)", at: position)
        }
        // Of two lines that say the same the second is one too many.
        let wider = others.first { other in
            other != rule && comparison.implies(rule, other)
                && (other < rule || !comparison.implies(other, rule))
        }
        guard let wider else { return }
        let words = "this `\(effect)` line changes nothing\(place): the one on "
        warn(
            words + self.place(ofLine: wider, from: rule) + " holds whenever it does",
            at: position
        )
    }

    /// Roles of an allow line that nobody can have, where anybody has any.
    private mutating func checkGrants(
        _ rule: Int,
        _ comparison: LineComparison,
        _ grants: Grants
    ) {
        guard let grants, !grants.isEmpty else { return }
        for case .role(let role) in comparison.clauses(of: rule).joined()
        where !grants.contains(role) {
            let words = "no `role ... from` line gives role `\(role)`, which this line asks for"
            warn(words, at: policy.rules.positions[rule])
        }
    }

    private func place(ofLine other: Int, from rule: Int) -> String {
        let positions = policy.rules.positions
        return sources.place(of: positions[other], seenFrom: positions[rule])
    }
}
