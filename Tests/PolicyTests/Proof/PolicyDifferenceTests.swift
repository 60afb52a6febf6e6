import Testing

@testable import Policy

@Suite("Policy difference")
struct PolicyDifferenceTests {
    /// The lines of one route in two policies, a caller, and what he is answered by each.
    static let answers: [(lines: String, caller: PolicyCaller, answer: String)] = [
        ("public", .stranger, "allow"),
        ("public", .role("a"), "allow"),
        ("public\ndeny from 10.0.0.0/8", .stranger, "allow unless from 10.0.0.0/8"),
        ("public\ndeny any", .stranger, "403 denied"),
        ("credentials pass", .stranger, "allow"),
        ("allow any", .stranger, "401 credentials-missing"),
        ("allow any", .anybody, "allow"),
        ("allow role a", .anybody, "403 role-missing"),
        ("allow role a", .role("b"), "403 role-missing"),
        ("allow role a b", .role("b"), "allow"),
        ("allow role a\ndeny any", .role("a"), "403 denied"),
        ("allow role a\ndeny role a b", .role("a"), "403 denied"),
        ("allow scope s", .role("a"), "allow if scope s"),
        ("deny role a", .role("b"), "403 denied"),
        ("allow role a and scope s", .role("a"), "allow if scope s"),
        ("allow role a and scope s", .anybody, "403 role-missing"),
        ("allow role a and role b c", .role("a"), "allow if role b, c"),
        ("allow role a and client y x", .role("a"), "allow if client x, y"),
        (
            "allow scope t and client x\nallow scope s", .role("a"),
            "allow if client x and scope t or scope s"
        ),
        ("allow scope s and client x\nallow scope s", .role("a"), "allow if scope s"),
        ("allow role a\nallow scope s", .role("a"), "allow"),
        (
            "allow role a\ndeny client x\ndeny scope s", .role("a"),
            "allow unless client x or scope s"
        ),
    ]

    @Test("an answer says what it depends on", arguments: answers)
    func answer(_ lines: String, _ caller: PolicyCaller, _ answer: String) throws {
        let policy = try PolicyText(policy: Self.route("r", lines)).compile()
        #expect(policy.answer(route: 0, tenant: nil, caller: caller) == answer)
    }

    @Test func `the order of lines and words changes nothing`() throws {
        let one = "allow role a b and client x y\nallow scope s\ndeny client z"
        let other = "deny client z\nallow scope s\nallow client y x and role b a"
        #expect(try differences(Self.route("r", one), Self.route("r", other)).isEmpty)
    }

    @Test func `each tenant, route and role whose answer differs is named`() throws {
        let old = Self.route("r", "allow role a") + Self.route("s", "public")
        let new = Self.route("r", "allow role a b") + Self.route("s", "allow any")
        let own = "route r {\nallow role b\n}\n"
        #expect(
            try differences(old, new, tenants: [("acme", ""), ("beta", own)]) == [
                "acme r role b: 403 role-missing -> allow",
                "acme s no token: allow -> 401 credentials-missing",
                "beta s no token: allow -> 401 credentials-missing",
            ]
        )
    }

    @Test func `routes that come, go and take other requests are named`() throws {
        let old = Self.route("gone", "allow role a") + Self.route("moved", "allow role a")
        let new =
            "route moved {\nmatch POST /moved\nmatch GET /moved\nallow role a\n}\n"
            + Self.route("fresh", "public")
        #expect(
            try differences(old, new, tenants: [("acme", "")]) == [
                "* moved match: GET /moved -> GET /moved, POST /moved",
                "* fresh match: no route -> GET /fresh",
                "acme fresh no token: 404 route-not-found -> allow",
                "acme fresh any token: 404 route-not-found -> allow",
                "acme fresh role a: 404 route-not-found -> allow",
                "* gone match: GET /gone -> no route",
                "acme gone no token: 401 credentials-missing -> 404 route-not-found",
                "acme gone any token: 403 role-missing -> 404 route-not-found",
                "acme gone role a: allow -> 404 route-not-found",
            ]
        )
    }

    @Test func `roles that no line speaks of are asked for too`() throws {
        let old = Self.route("r", "allow role a")
        let new = Self.route("r", "allow any")
        let tenants = [(name: "acme", routes: "")]
        #expect(
            try differences(old, new, tenants: tenants, roles: ["quiet"]) == [
                "acme r any token: 403 role-missing -> allow",
                "acme r role quiet: 403 role-missing -> allow",
            ]
        )
    }

    private static func route(_ name: String, _ lines: String) -> String {
        "route \(name) {\nmatch GET /\(name)\n\(lines)\n}\n"
    }

    private func differences(
        _ old: String,
        _ new: String,
        tenants: [(name: String, routes: String)] = [("acme", "")],
        roles: [String] = []
    ) throws -> [String] {
        let before = try PolicyText(policy: old, tenants: tenants).compile()
        let after = try PolicyText(policy: new, tenants: tenants).compile()
        return PolicyDifference.between(before, after, roles: roles).map {
            "\($0.tenant ?? "*") \($0.route) \($0.subject): \($0.old) -> \($0.new)"
        }
    }
}
