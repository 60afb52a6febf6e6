import Testing

@testable import Policy

/// Laws that hold whatever stands in a set of routes, in a group or in a tenant's block.
@Suite("Laws of decisions in sets")
struct DecisionSetLawTests {
    /// Lines with groups, addresses and all kinds of claims.
    static let lines = [
        "role a", "group g", "role b g", "scope s", "from 10.0.0.0/8", "role a and from 10.0.0.0/8",
        "claim d equals e", "claim l contains m", "claim d one-of e f", "client x and group g",
        "any",
    ]

    /// What a line can ask for.
    static let facts: [Condition] = {
        var ranges: [Condition] = []
        if let range = try? AddressRange("10.0.0.0/8") { ranges.append(.from(range)) }
        return ranges + [
            .role("a"), .role("b"), .role("c"), .scope("s"), .client("x"),
            .claim(path: ["d"], .equals("e")), .claim(path: ["d"], .equals("f")),
            .claim(path: ["l"], .contains("m")),
        ]
    }()

    /// Every set of facts.
    static let callers: [Set<Condition>] = (0..<1 << facts.count).map { bits in
        Set(facts.indices.filter { bits >> $0 & 1 == 1 }.map { facts[$0] })
    }

    /// A route in a set; `set` and `route` are their lines.
    private static func policy(
        set: [String],
        route: [String],
        tenant: [String] = []
    ) throws -> CompiledPolicy {
        let text = """
            roles a b c
            group g = b c
            routes /s {
            \(set.joined(separator: "\n"))
            route r {
            match GET /r
            \(route.joined(separator: "\n"))
            }
            }
            """
        let block = tenant.isEmpty ? "" : "route r {\n\(tenant.joined(separator: "\n"))\n}"
        return try PolicyText(policy: text, tenants: [("t", block)]).compile()
    }

    /// Who of `callers` is let through.
    private static func allowed(_ policy: CompiledPolicy) -> [Bool] {
        let conditions = policy.conditions(ofTenant: 0)
        return callers.map { caller in
            var facts = FactSet()
            for (fact, condition) in conditions.enumerated() where caller.contains(condition) {
                facts.insert(fact)
            }
            switch policy.decide(route: 0, tenant: 0, facts: facts) {
            case .allow: return true
            case .deny: return false
            }
        }
    }

    /// Pairs of different lines.
    static let pairs: [(String, String)] = lines.indices.flatMap { first in
        lines.indices.filter { $0 > first }.map { (lines[first], lines[$0]) }
    }

    @Test func `the facts of these laws are those that the lines ask for`() throws {
        let policy = try Self.policy(set: [], route: Self.lines.map { "allow \($0)" })
        let asked = Set(policy.conditions(ofTenant: 0))
        #expect(asked == Set(Self.facts))
    }

    @Test func `no order of allow lines changes an answer, in a set or in a route`() throws {
        for (first, second) in Self.pairs {
            let lines = ["allow \(first)", "deny client x", "allow \(second)"]
            let orders = [lines, lines.reversed(), [lines[1], lines[2], lines[0]]]
            let inRoute = try orders.map { Self.allowed(try Self.policy(set: [], route: $0)) }
            let inSet = try orders.map { Self.allowed(try Self.policy(set: $0, route: [])) }
            #expect(inRoute.allSatisfy { $0 == inRoute[0] }, "\(first); \(second)")
            #expect(inSet.allSatisfy { $0 == inRoute[0] }, "\(first); \(second)")
        }
    }

    @Test func `a group is its roles, each for itself`() throws {
        let named = ["allow group g", "allow role a g and scope s", "deny client x and group g"]
        let spelled = [
            "allow role b c", "allow role a b c and scope s", "deny client x and role c b",
        ]
        let byName = Self.allowed(try Self.policy(set: [], route: named))
        #expect(byName == Self.allowed(try Self.policy(set: [], route: spelled)))
    }

    @Test func `a deny line more never allows more, wherever it stands`() throws {
        for (allow, deny) in Self.pairs {
            let before = Self.allowed(try Self.policy(set: ["allow \(allow)"], route: []))
            let inSet = try Self.policy(set: ["allow \(allow)", "deny \(deny)"], route: [])
            let inRoute = try Self.policy(set: ["allow \(allow)"], route: ["deny \(deny)"])
            let ofBoth = try Self.policy(set: ["deny \(deny)"], route: ["allow \(allow)"])
            for after in [inSet, inRoute, ofBoth].map(Self.allowed) {
                #expect(!zip(before, after).contains { !$0 && $1 }, "\(allow); \(deny)")
            }
        }
    }

    @Test func `having less never allows more, without deny lines`() throws {
        for (first, second) in Self.pairs {
            let policy = try Self.policy(set: ["allow \(first)"], route: ["allow \(second)"])
            let gained = Self.gained(Self.allowed(policy), without: Array(Self.facts.indices))
            #expect(gained == [], "\(first); \(second)")
        }
    }

    @Test func `a role less never allows more, when no deny line asks for roles`() throws {
        let roles = Self.facts.indices.filter {
            if case .role = Self.facts[$0] { true } else { false }
        }
        for (allow, deny) in Self.pairs where !deny.contains("role") && !deny.contains("group") {
            let policy = try Self.policy(set: ["allow \(allow)"], route: ["deny \(deny)"])
            let gained = Self.gained(Self.allowed(policy), without: roles)
            #expect(gained == [], "\(allow); \(deny)")
        }
    }

    /// Callers who are refused, and would not be without one of these facts.
    private static func gained(_ allowed: [Bool], without facts: [Int]) -> [Int] {
        allowed.indices.filter { caller in
            !allowed[caller]
                && facts.contains { caller >> $0 & 1 == 1 && allowed[caller & ~(1 << $0)] }
        }
    }

    @Test func `what a tenant closed stays closed, whatever the policy and its other lines allow`()
        throws
    {
        for (first, second) in Self.pairs {
            let policy = try Self.policy(
                set: ["allow \(first)"],
                route: ["allow \(second)"],
                tenant: ["allow \(first)", "deny any", "allow \(second)"]
            )
            #expect(!Self.allowed(policy).contains(true), "\(first); \(second)")
        }
    }

    @Test func `a tenant's lines stand alone`() throws {
        for (first, second) in Self.pairs {
            let replaced = try Self.policy(
                set: ["allow any", "deny client x"],
                route: ["allow \(second)"],
                tenant: ["allow \(first)"]
            )
            let alone = try Self.policy(set: [], route: ["allow \(first)"])
            #expect(Self.allowed(replaced) == Self.allowed(alone), "\(first); \(second)")
        }
    }

    @Test(
        "A closed open route stays closed for everybody",
        arguments: ["public", "credentials pass"]
    )
    func closedOpenRoute(_ access: String) throws {
        let policy = try Self.policy(set: [], route: [access], tenant: ["deny any"])
        switch policy.decideWithoutToken(route: 0, tenant: 0, facts: FactSet()) {
        case .allow: Issue.record("let through")
        case .deny(let denial): #expect(denial == .denied)
        }
        #expect(!Self.allowed(policy).contains(true))
    }
}
