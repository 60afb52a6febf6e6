/// The allow and deny lines of a policy and of the tenants' overrides, laid out flat.
///
/// A rule set is what one route has, for everybody or for one tenant: deny rules, then allow
/// rules. A rule is a run of clauses that must all hold; a clause is a set of facts of which any
/// suffices. The rule sets of the routes come first, in the order of the routes.
struct RuleTable: Sendable {
    struct RuleSet: Sendable {
        /// Deny rules are `denyStart..<allowStart`, allow rules `allowStart..<end`.
        var denyStart: Int32
        var allowStart: Int32
        var end: Int32

        /// Whether an allow rule asks for a role.
        var asksForRole: Bool

        /// The index in `scopes` of what a challenge names.
        var scopes: Int32
    }

    /// A run of `clauses`; an empty one always holds.
    struct Rule: Sendable {
        var clauseStart: Int32
        var clauseEnd: Int32
    }

    var ruleSets: [RuleSet] = []
    var rules: [Rule] = []
    var clauses: [FactSet] = []

    /// Where each rule stands.
    var positions: [SourcePosition] = []

    /// Space-separated scopes; the first is empty.
    var scopes: [[UInt8]] = [[]]

    /// The overrides of tenant `t` are those at `overrideStarts[t]..<overrideStarts[t + 1]`.
    var overrideStarts: [Int32] = [0]

    /// Ascending by route within a tenant.
    var overrides: [Override] = []

    /// Where each run of clauses stands, while the table is built.
    var clausePlaces: [[FactSet]: Int32] = [:]

    /// The rule set that a tenant has for a route.
    struct Override: Sendable {
        var route: Int32
        var ruleSet: Int32
    }

    /// The rule set of a route for a tenant.
    func ruleSet(ofRoute route: Int, tenant: Int) -> Int {
        var low = Int(overrideStarts[tenant])
        var high = Int(overrideStarts[tenant + 1])
        while low < high {
            let middle = (low + high) / 2
            let candidate = Int(overrides[middle].route)
            if candidate == route { return Int(overrides[middle].ruleSet) }
            if candidate < route { low = middle + 1 } else { high = middle }
        }
        return route
    }

    /// Whether every clause of a rule shares a fact with `facts`.
    @inline(__always)
    func holds(_ rule: Int, _ facts: FactSet) -> Bool {
        let run = rules[rule]
        var clause = Int(run.clauseStart)
        while clause < Int(run.clauseEnd) {
            guard clauses[clause].intersects(facts) else { return false }
            clause += 1
        }
        return true
    }
}
