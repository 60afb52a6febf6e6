import Testing

@testable import Policy

@Suite("Policy lint")
struct PolicyLintTests {
    /// Lines of one route, a route's own lines of tenant `acme`, and what is warned of.
    struct Case: Sendable, CustomTestStringConvertible {
        let lines: String
        let own: String
        let warnings: [String]
        var testDescription: String { lines + " / " + own }

        init(_ lines: String, own: String = "", _ warnings: String...) {
            self.lines = lines
            self.own = own
            self.warnings = warnings
        }
    }

    static let cases: [Case] = [
        Case("allow role admin\nallow role issuer and scope s"),
        Case("allow role admin issuer\ndeny role suspended"),
        Case("allow role admin and from 10.0.0.0/8\nallow role issuer and from 10.1.0.0/16"),
        Case(
            "allow role admin\nallow role admin",
            "4 this `allow` line changes nothing in route `r`: the one on line 3 holds whenever it does"
        ),
        Case(
            "allow role admin\nallow role issuer admin",
            "3 this `allow` line changes nothing in route `r`: the one on line 4 holds whenever it does"
        ),
        Case(
            "allow any\nallow scope s",
            "4 this `allow` line changes nothing in route `r`: the one on line 3 holds whenever it does"
        ),
        Case(
            "allow role admin and client s\nallow client s t",
            "3 this `allow` line changes nothing in route `r`: the one on line 4 holds whenever it does"
        ),
        Case(
            "allow from 10.1.0.0/16\nallow from 10.0.0.0/8 192.0.2.1",
            "3 this `allow` line changes nothing in route `r`: the one on line 4 holds whenever it does"
        ),
        Case(
            "allow any\ndeny client a\ndeny client b a",
            "4 this `deny` line changes nothing in route `r`: the one on line 5 holds whenever it does"
        ),
        Case(
            "allow role admin\ndeny role admin suspended",
            "3 this `allow` line counts for nobody in route `r`: the `deny` line on line 4 holds whenever it does"
        ),
        Case(
            "allow role admin and scope s\nallow role issuer\ndeny scope s",
            "3 this `allow` line counts for nobody in route `r`: the `deny` line on line 5 holds whenever it does"
        ),
        Case(
            "allow role admin\ndeny any",
            "3 this `allow` line counts for nobody in route `r`: the `deny` line on line 4 holds whenever it does"
        ),
        Case("allow role admin issuer\ndeny role admin"),
        Case(
            "allow client a b and client c",
            "3 this `allow` line can never hold in route `r`: no caller is two clients"
        ),
        Case("allow client a b and client b c"),
        Case("allow client a and role admin and client a"),
        Case(
            "allow from 10.0.0.0/8 and role admin and from 192.0.2.0/24 2001:db8::/32",
            "3 this `allow` line can never hold in route `r`: no address is in both ranges"
        ),
        Case("allow from 10.0.0.0/8 and from 10.1.0.0/16"),
        // An array is true of both; a role and a scope are never one of two.
        Case("allow claim a equals x and claim a equals y"),
        Case("allow role admin and role issuer"),
        Case("allow claim a equals x\nallow claim a contains x"),
        Case(
            "allow role admin",
            own: "allow role issuer\nallow role issuer and scope s\ndeny scope s",
            "3 this `allow` line counts for nobody in route `r`: the `deny` line on line 4 holds whenever it does"
        ),
    ]

    @Test("lines that do nothing are found, and no others", arguments: cases)
    func lines(_ test: Case) throws {
        let policy = "route r {\nmatch GET /r\n\(test.lines)\n}\ntest \"t\" GET /r expect 401\n"
        let own = test.own.isEmpty ? "" : "route r {\n\(test.own)\n}\n"
        let text = PolicyText(policy: policy, tenants: [("acme", own)])
        #expect(try text.warnings() == test.warnings)
    }

    @Test func `routes without a test are found, be it one that refuses`() throws {
        let policy = """
            route a {
                match GET /a
                public
            }
            route b {
                match GET /b/{id:uuid}
                match POST /b
                allow any
            }
            route c {
                match GET /c
                credentials pass
            }
            test "refused" GET /b/1 client x expect 400
            test "elsewhere" POST /a expect 405
            """
        #expect(
            try PolicyText(policy: policy).warnings() == [
                "1 no test covers route `a`", "10 no test covers route `c`",
            ]
        )
    }

    @Test func `roles that nothing speaks of are found`() throws {
        let policy = """
            roles admin auditor issuer suspended tested unheard
            group operators = admin
            route a {
                match GET /a
                allow group operators
                deny role suspended
            }
            test "tested" GET /a role tested expect 403
            """
        let own = "route a {\nallow role issuer\n}\n"
        let text = PolicyText(policy: policy, tenants: [("acme", own)])
        #expect(
            try text.warnings() == [
                "1 role `auditor` is declared, and no line asks for it",
                "1 role `unheard` is declared, and no line asks for it",
            ]
        )
    }

    @Test(
        "roles that no tenant gives are found",
        arguments: [
            ([["admin"], ["issuer"]], ["acme 2 issuer"]),
            ([["admin"], nil], ["acme 2 issuer"]),
            ([nil, ["admin"]], []),
            ([["admin"], []], ["test 4 issuer", "acme 2 issuer"]),
            ([[], ["issuer"]], ["test 4 admin"]),
            ([[], []], []),
        ] as [([Set<String>?], [String])]
    )
    func grants(_ grants: [Set<String>?], _ wanted: [String]) throws {
        let lines = "route a {\nmatch GET /a\nallow any\nallow role admin issuer and scope s\n}\n"
        let own = "route a {\nallow role issuer\n}\n"
        let text = PolicyText(policy: lines, tenants: [("acme", own), ("beta", "")])
        let found = try text.findings(grants: grants).compactMap { finding -> String? in
            guard finding.message.hasPrefix("no `role ... from` line gives role ") else {
                return nil
            }
            let role = finding.message.split(separator: "`")[3]
            let file = finding.position.file == 0 ? "test" : "acme"
            return "\(file) \(finding.position.line) \(role)"
        }
        #expect(found == wanted)
    }

    @Test func `a role is asked for where no tenant takes roles from tokens`() throws {
        let text = PolicyText(
            policy: "route a {\nmatch GET /a\nallow role admin\nallow any\n}\n",
            tenants: [("acme", ""), ("beta", "")]
        )
        let words = "no `roles claim` line gives any role, and this line asks for `admin`"
        #expect(try text.findings(grants: [[], []]).contains { $0.message == words })
        #expect(try !text.findings(grants: [[], nil]).contains { $0.message == words })
    }
}
