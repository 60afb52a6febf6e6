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
        for condition in policy.ownConditions.joined() + policy.sharedConditions {
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
        for route in policy.routes.indices { checkLines(of: route, nil, shared, everywhere) }
        for (tenant, given) in grants.enumerated() {
            let own = LineComparison(policy.rules, policy.conditions(ofTenant: tenant))
            for route in policy.rules.written.overriddenRoutes(ofTenant: tenant) {
                checkLines(of: route, tenant, own, given)
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
        of route: Int,
        _ tenant: Int?,
        _ comparison: LineComparison,
        _ grants: Grants
    ) {
        let lines = RouteLines(policy, route, tenant, comparison)
        for rule in lines.set.denies {
            checkLine(rule, "deny", among: lines.set.denies, lines)
        }
        for rule in lines.set.allows {
            checkGrants(rule, lines, grants)
            if let deny = lines.set.denies.first(where: { comparison.implies(rule, $0) }) {
                let words = "this `allow` line counts for nobody\(lines.place): the `deny` line on "
                warn(
                    words + place(ofLine: deny, from: rule, lines) + " holds whenever it does",
                    at: lines.position(of: rule)
                )
            } else {
                checkLine(rule, "allow", among: lines.set.allows, lines)
            }
        }
    }

    /// Whether a line can hold at all, and does something that no other line does.
    private mutating func checkLine(
        _ rule: Int,
        _ effect: String,
        among others: Range<Int>,
        _ lines: RouteLines
    ) {
        let position = lines.position(of: rule)
        if let contradiction = lines.comparison.contradiction(in: rule) {
            let reason =
                switch contradiction {
                case .clients: "no caller is two clients"
                case .addresses: "no address is in both ranges"
                }
            let words = "this `\(effect)` line can never hold\(lines.place): \(reason)"
            return warn(words, at: position)
        }
        // Of two lines that say the same the second is one too many.
        let wider = others.first { other in
            other != rule && lines.comparison.implies(rule, other)
                && (other < rule || !lines.comparison.implies(other, rule))
        }
        guard let wider else { return }
        let words = "this `\(effect)` line changes nothing\(lines.place): the one on "
        warn(
            words + place(ofLine: wider, from: rule, lines) + " holds whenever it does",
            at: position
        )
    }

    /// Roles of an allow line that nobody can have.
    private mutating func checkGrants(_ rule: Int, _ lines: RouteLines, _ grants: Grants) {
        guard let grants else { return }
        for case .role(let role) in lines.comparison.clauses(of: rule).joined()
        where !grants.contains(role) {
            let words =
                grants.isEmpty
                ? "no `roles claim` line gives any role, and this line asks for `\(role)`"
                : "no `role ... from` line gives role `\(role)`, which this line asks for"
            warn(words, at: lines.position(of: rule))
        }
    }

    private func place(ofLine other: Int, from rule: Int, _ lines: RouteLines) -> String {
        sources.place(of: lines.position(of: other), seenFrom: lines.position(of: rule))
    }
}

/// The lines that count on one route, for everybody or for one tenant.
private struct RouteLines {
    let set: RuleTable.RuleSet
    let comparison: LineComparison

    /// The route, as a message names it.
    let place: String
    private let written: WrittenLines
    private let run: WrittenLines.Run

    init(_ policy: CompiledPolicy, _ route: Int, _ tenant: Int?, _ comparison: LineComparison) {
        set = policy.rules[policy.rules.ruleSet(ofRoute: route, anyTenant: tenant)]
        self.comparison = comparison
        place = " in route `\(policy.routes[route].name)`"
        written = policy.rules.written
        run = written.lines(ofRoute: route, tenant: tenant)
    }

    /// Where a line stands.
    func position(of rule: Int) -> SourcePosition {
        written.position(ofLine: rule - set.denyStart, in: run)
    }
}
