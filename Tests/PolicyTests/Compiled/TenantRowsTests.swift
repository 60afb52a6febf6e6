import Testing

@testable import Policy

@Suite("Which lines a tenant has")
struct TenantRowsTests {
    static let policy = """
        roles admin issuer
        route create {
            match POST /offers
            allow role admin issuer
        }
        route show {
            match GET /offers
            allow role admin
            deny client old
        }
        """

    @Test func `each tenant finds its own rule set for each route, whatever the others have`() {
        func ruleSet(_ tenant: Int, _ route: Int) -> UInt32 {
            UInt32((tenant * 7 + route * tenant) % 13 + route)
        }
        for routes in [1, 15, 16, 17, 40] {
            var rows = TenantRows()
            for tenant in 0..<100 { rows.add((0..<routes).map { ruleSet(tenant, $0) }) }
            rows.finish()
            for tenant in 0..<100 {
                for route in 0..<routes {
                    #expect(
                        rows.ruleSet(ofRoute: route, tenant: tenant) == ruleSet(tenant, route)
                    )
                }
            }
        }
    }

    @Test func `equal rows are kept once, and a route of its own costs one block`() {
        let row = (0..<50).map { UInt32($0) }
        var rows = TenantRows()
        for _ in 0..<1_000 { rows.add(row) }
        #expect(rows.blockCount == 4)
        var other = row
        other[20] = 99
        rows.add(other)
        #expect(rows.blockCount == 5)
        #expect(rows.ruleSet(ofRoute: 20, tenant: 1_000) == 99)
        #expect(rows.ruleSet(ofRoute: 20, tenant: 999) == 20)
    }

    @Test
    func `tenants with the same lines decide by one rule set, and each knows where its own stand`()
        throws
    {
        let lines = "route create {\nallow role issuer\nallow client app\n}"
        let policy = try PolicyText(
            policy: Self.policy,
            tenants: [("a", lines), ("b", "\n\n" + lines), ("c", "")]
        ).compile()
        let sets = (0..<3).map { policy.rules.ruleSet(ofRoute: 0, tenant: $0) }
        #expect(sets[0] == sets[1])
        #expect(sets[2] == Int(policy.rules.routes[0]) && sets[2] != sets[0])
        for (tenant, line) in [(0, 3), (1, 5)] {
            var facts = FactSet()
            for (fact, condition) in policy.conditions(ofTenant: tenant).enumerated()
            where condition == .client("app") {
                facts.insert(fact)
            }
            switch policy.decide(route: 0, tenant: tenant, facts: facts) {
            case .deny(let denial): Issue.record("\(denial)")
            case .allow(let permit):
                let id = permit.rule
                let rule = try #require(id)
                let position = policy.position(of: rule, route: 0, tenant: tenant)
                #expect(position.line == line)
                #expect(position.file == tenant + 1)
            }
            let trace = policy.trace(route: 0, tenant: tenant, facts: facts)
            #expect(trace.decisive?.text == "client app")
            #expect(trace.decisive?.position.line == line)
        }
    }

    /// The first condition that a tenant adds has the same number in each, so their rule sets are
    /// alike to the bit and still ask for something else.
    @Test func `lines that are alike to the bit are told apart by what they ask for`() throws {
        let policy = try PolicyText(
            policy: Self.policy,
            tenants: [
                ("a", "route create {\nallow client app\n}"),
                ("b", "route create {\nallow scope offers:write\n}"),
                ("c", "route create {\nallow scope offers:read\n}"),
                ("d", "route create {\nallow client other\n}"),
            ]
        ).compile()
        #expect(Set((0..<4).map { policy.rules.ruleSet(ofRoute: 0, tenant: $0) }).count == 1)
        let texts = (0..<4).map { policy.listing(tenant: $0)[0].access }
        #expect(texts == ["client app", "scope offers:write", "scope offers:read", "client other"])
        let scopes = (0..<4).map { policy.scopes(route: 0, tenant: $0) }
        #expect(scopes == [[], Array("offers:write".utf8), Array("offers:read".utf8), []])
        #expect(
            (0..<4).map { policy.scopes(tenant: $0) } == [
                [], ["offers:write"], ["offers:read"], [],
            ]
        )
    }

    @Test
    func `a denial says that a role is missing only where the tenant's own lines ask for one`()
        throws
    {
        let policy = try PolicyText(
            policy: "route r {\nmatch GET /\nallow client x\n}",
            tenants: [
                ("a", "route r {\nallow role admin\n}"), ("b", "route r {\nallow client app\n}"),
            ]
        ).compile()
        for (tenant, wanted) in [(0, Denial.roleMissing), (1, .denied)] {
            switch policy.decide(route: 0, tenant: tenant, facts: FactSet()) {
            case .allow: Issue.record("allowed")
            case .deny(let denial): #expect(denial == wanted)
            }
        }
    }

    @Test func `a thousand tenants with the same lines decide by one table`() throws {
        let lines = "route create {\nallow role issuer\n}\nroute show {\ndeny any\n}"
        let policy = try PolicyText(
            policy: Self.policy,
            tenants: (0..<1_000).map { ("t\($0)", lines) }
        ).compile()
        #expect(policy.rules.rows.blockCount == 1)
        // Two rule sets of the policy, two of all tenants: four heads and five lines.
        #expect(policy.rules.cells.count == 9)
    }
}
