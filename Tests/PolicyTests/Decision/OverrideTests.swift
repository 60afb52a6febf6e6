import Testing

@testable import Policy

@Suite("A tenant's own lines")
struct OverrideTests {
    static let policy = """
        roles admin issuer
        route create {
            match POST /offers
            allow role admin issuer
            deny client old
        }
        route open {
            match GET /open
            public
        }
        route wallet {
            match GET /wallet
            credentials pass
        }
        """

    struct Case: Sendable, CustomTestStringConvertible {
        let routes: String
        let faults: [String]
        var testDescription: String { routes }

        init(_ routes: String, _ faults: String...) {
            self.routes = routes
            self.faults = faults
        }
    }

    static let cases: [Case] = [
        Case("route create {\nallow role admin\ndeny any\n}"),
        Case("route creat {\nallow any\n}", "1:7 unknown route `creat` (nearest: create)"),
        Case("route create {\nallow role admn\n}", "2:12 unknown role `admn` (nearest: admin)"),
        Case("route create {\n}", "1:7 route `create` needs an `allow` or `deny` line"),
        Case("route create", "1:1 `route` wants `route NAME {`"),
        Case("route create x {\nallow any\n}", "1:1 `route` wants `route NAME {`"),
        Case(
            "route create {\npublic\n}",
            "2:1 unknown word `public` in a tenant's route, which holds only allow and deny lines"
        ),
        Case(
            "route create {\nmatch GET /\nallow any\n}",
            "2:1 unknown word `match` in a tenant's route, which holds only allow and deny lines"
        ),
        Case(
            "route open {\nallow any\n}",
            "1:7 route `open` looks at no token: a tenant can only close it, with `deny any` or "
                + "`deny from`"
        ),
        Case(
            "route wallet {\ndeny role admin\n}",
            "2:1 route `wallet` looks at no token: wanted `deny any` or `deny from`"
        ),
        Case("route wallet {\ndeny any\n}\nroute open {\ndeny from 10.0.0.0/8\n}"),
        Case(
            "route create {\nallow any\n}\nroute create {\nallow any\n}",
            "4:7 `create` is given twice; the first is on line 1"
        ),
    ]

    @Test("A tenant may replace lines and nothing else", arguments: cases)
    func reads(_ example: Case) {
        let text = PolicyText(policy: Self.policy, tenants: [("acme", example.routes)])
        #expect(text.faults == example.faults)
    }

    @Test func `shared conditions have the same numbers for every tenant`() throws {
        let policy = try PolicyText(
            policy: Self.policy,
            tenants: [
                ("plain", ""),
                ("one", "route create {\nallow role admin and scope s\nallow client old\n}"),
                ("two", "route create {\nallow claim a b equals c\n}"),
            ]
        ).compile()
        // Deny lines are numbered first.
        let shared: [Condition] = [.client("old"), .role("admin"), .role("issuer")]
        #expect(policy.conditions(ofTenant: 0) == shared)
        #expect(policy.conditions(ofTenant: 1) == shared + [.scope("s")])
        #expect(
            policy.conditions(ofTenant: 2) == shared + [.claim(path: ["a", "b"], .equals("c"))]
        )
    }

    @Test func `a policy may ask for 256 things and no more`() throws {
        let lines = (0..<255).map { "allow role r\($0)" }.joined(separator: "\n")
        let text = "route r {\nmatch GET /\n\(lines)\n}"
        let full = PolicyText(
            policy: text,
            tenants: [("a", "route r {\nallow scope s\n}"), ("b", "route r {\nallow scope t\n}")]
        )
        #expect(full.faults == [])
        let tooFull = PolicyText(
            policy: text,
            tenants: [("a", "route r {\nallow scope s\nallow scope t\n}")]
        )
        #expect(tooFull.faults == ["3:1 more than 256 different conditions"])
    }

    @Test func `thousands of tenants keep their own lines`() throws {
        let tenants = (0..<2_000).map { number in
            let lines = number % 3 == 0 ? "" : "route create {\nallow scope s\(number)\n}"
            return ("t\(number)", lines)
        }
        let policy = try PolicyText(policy: Self.policy, tenants: tenants).compile()
        #expect(policy.tenantCount == 2_000)
        for number in 0..<2_000 {
            let conditions = policy.conditions(ofTenant: number)
            #expect(conditions.count == (number % 3 == 0 ? 3 : 4))
            var facts = FactSet()
            facts.insert(3)
            let isAllowed =
                switch policy.decide(route: 0, tenant: number, facts: facts) {
                case .allow: true
                case .deny: false
                }
            #expect(isAllowed == (number % 3 != 0))
        }
    }

    @Test func `the listing shows who may call as a tenant has it`() throws {
        let policy = try PolicyText(
            policy: Self.policy,
            tenants: [("acme", "route create {\nallow role admin and scope s\ndeny client x y\n}")]
        ).compile()
        let plain = policy.listing()
        #expect(plain.map(\.route) == ["create", "open", "wallet"])
        #expect(
            plain.map(\.access) == [
                "role admin, issuer; not client old", "public", "credentials pass",
            ]
        )
        #expect(plain[0].methods == ["POST"])
        #expect(plain[0].path == "/offers")
        #expect(plain[0].eventFamily == nil)
        #expect(
            policy.listing(tenant: 0)[0].access == "role admin and scope s; not client x, y"
        )
    }

    @Test func `a route whose lines let nobody through is listed so`() throws {
        let text = "route r {\nmatch GET /a\nmatch PUT /a\nmatch GET /b\ndeny role x\nevent E\n}"
        let rows = try PolicyText(policy: text).compile().listing()
        #expect(rows.map(\.path) == ["/a", "/b"])
        #expect(rows.map(\.methods) == [["GET", "PUT"], ["GET"]])
        #expect(rows.map(\.access) == ["nobody", "nobody"])
        #expect(rows.map(\.eventFamily) == ["E", "E"])
    }
}
