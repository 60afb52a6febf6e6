/// The allow and deny lines of a policy and of the tenants' overrides, laid out flat.
///
/// A rule set is what one route has, for everybody or for one tenant: deny rules, then allow
/// rules. A rule is a run of clauses that must all hold; a clause is a set of facts of which any
/// suffices. What is equal is kept once, whoever wrote it, so that what many tenants decide by
/// stays in the processor's cache: clauses, rule sets, and a tenant's row of rule sets
/// (`TenantRows`). Where lines stand is kept apart, for those who explain.
struct RuleTable: Sendable {
    /// Two numbers: the head of a rule set, or one of the rules behind it, so that both are in
    /// one line of the cache.
    struct Cell: Hashable, Sendable {
        var first: UInt32
        var second: UInt32
    }

    /// A rule set as it stands in `cells`.
    struct RuleSet: Sendable {
        /// Deny rules are `denyStart..<allowStart`, allow rules `allowStart..<end`.
        let denyStart: Int
        let allowStart: Int
        let end: Int

        /// Whether an allow rule asks for a role.
        let asksForRole: Bool

        var denies: Range<Int> { denyStart..<allowStart }
        var allows: Range<Int> { allowStart..<end }
    }

    /// Of each rule set the head, then its rules.
    ///
    /// A rule set is the index of its head, a rule that of its cell.
    private(set) var cells: [Cell] = []
    private(set) var clauses: [FactSet] = []

    /// The rule set of each route, as the policy has it.
    private(set) var routes: [UInt32] = []

    /// The rule sets of each tenant.
    private(set) var rows = TenantRows()

    /// Where all lines stand.
    var written = WrittenLines()

    /// Where each run of clauses, and each rule set, stands while the table is built.
    private var clausePlaces: [[FactSet]: UInt32] = [:]
    private var ruleSetPlaces: [[Cell]: UInt32] = [:]

    /// The rule set that a route has for a tenant.
    @inline(__always)
    func ruleSet(ofRoute route: Int, tenant: Int) -> Int {
        Int(rows.ruleSet(ofRoute: route, tenant: tenant))
    }

    /// The rule set that a route has for a tenant; `nil` asks for the policy without any override.
    func ruleSet(ofRoute route: Int, anyTenant tenant: Int?) -> Int {
        tenant.map { ruleSet(ofRoute: route, tenant: $0) } ?? Int(routes[route])
    }

    /// The rules of a rule set.
    @inline(__always)
    subscript(ruleSet: Int) -> RuleSet {
        let head = cells[ruleSet]
        let allowStart = ruleSet + 1 + Int(head.first)
        return RuleSet(
            denyStart: ruleSet + 1,
            allowStart: allowStart,
            end: allowStart + Int(head.second >> 1),
            asksForRole: head.second & 1 != 0
        )
    }

    /// The clauses of a rule: a stretch of `clauses`; an empty one always holds.
    @inline(__always)
    func clauses(ofRule rule: Int) -> Range<Int> {
        Int(cells[rule].first)..<Int(cells[rule].second)
    }

    /// Whether every clause of a rule shares a fact with `facts`.
    @inline(__always)
    func holds(_ rule: Int, _ facts: FactSet) -> Bool {
        let run = clauses(ofRule: rule)
        var clause = run.lowerBound
        while clause < run.upperBound {
            guard clauses[clause].intersects(facts) else { return false }
            clause += 1
        }
        return true
    }
}

// MARK: - Building

extension RuleTable {
    /// The lines of one route, as they were added.
    struct Added {
        let ruleSet: UInt32
        let lines: WrittenLines.Run
    }

    /// Adds the lines of a route, or of a tenant's override of one.
    ///
    /// - Throws: A diagnostic when the policy has more conditions than there are facts.
    mutating func add(
        _ lines: RuleLines,
        facts: inout FactNumbering
    ) throws(Diagnostic) -> Added {
        let asksForRole = lines.allows.contains { !$0.roles.isEmpty || !$0.groups.isEmpty }
        let head = Cell(
            first: UInt32(truncatingIfNeeded: lines.denies.count),
            second: UInt32(truncatingIfNeeded: lines.allows.count << 1 | (asksForRole ? 1 : 0))
        )
        var set = [head]
        for line in lines.denies { set.append(try rule(line, facts: &facts)) }
        for line in lines.allows { set.append(try rule(line, facts: &facts)) }
        return Added(ruleSet: place(of: set), lines: written.add(lines))
    }

    /// Adds the lines of the next route; `nil` when they could not be added.
    mutating func addRoute(_ added: Added?) {
        routes.append(added?.ruleSet ?? 0)
        written.addRoute(added?.lines)
    }

    /// Adds the overrides of the next tenant, by route.
    mutating func addTenant(_ overrides: [Int: Added]) {
        var row = routes
        for (route, added) in overrides { row[route] = added.ruleSet }
        rows.add(row)
        written.addTenant(overrides.mapValues(\.lines))
    }

    /// Forgets what only building needs.
    mutating func finish() {
        clausePlaces = [:]
        ruleSetPlaces = [:]
        rows.finish()
    }

    private mutating func rule(
        _ line: RuleLine,
        facts: inout FactNumbering
    ) throws(Diagnostic) -> Cell {
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
        return Cell(first: start, second: start + UInt32(truncatingIfNeeded: masks.count))
    }

    /// Where these clauses stand in `clauses`.
    private mutating func place(of masks: [FactSet]) -> UInt32 {
        if let start = clausePlaces[masks] { return start }
        let start = UInt32(truncatingIfNeeded: clauses.count)
        clauses += masks
        clausePlaces[masks] = start
        return start
    }

    /// Where this rule set stands in `cells`.
    private mutating func place(of set: [Cell]) -> UInt32 {
        if let start = ruleSetPlaces[set] { return start }
        let start = UInt32(truncatingIfNeeded: cells.count)
        cells += set
        ruleSetPlaces[set] = start
        return start
    }
}
