import Testing

@testable import Policy

@Suite("The OpenID4VCI policy")
struct BuiltInPolicyTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let method: String
        let path: String
        let roles: Set<String>?
        let event: String?
        let traits: Set<String>
        var testDescription: String { "\(method) \(path)" }

        /// `roles` is `nil` for a route that takes no token of ours.
        init(
            _ method: String,
            _ path: String,
            roles: Set<String>?,
            event: String?,
            _ traits: String...
        ) {
            self.method = method
            self.path = path
            self.roles = roles
            self.event = event
            self.traits = Set(traits)
        }
    }

    static let issuing: Set<String> = ["admin", "issuer", "managed-issuer"]
    static let id = "8241400f-de3b-42c5-ad7c-8a380039e796"

    static let rows: [Row] = [
        Row(
            "POST",
            "/v1/openid/offers/pre-authorized",
            roles: issuing,
            event: "OPENID_PRE_AUTHORIZED_OFFER_CREATE",
            "no-store"
        ),
        Row(
            "DELETE",
            "/v1/openid/offers/pre-authorized/\(id)",
            roles: issuing,
            event: "OPENID_PRE_AUTHORIZED_OFFER_DELETE"
        ),
        Row("POST", "/v1/openid/offers", roles: issuing, event: "OPENID_OFFER_CREATE", "no-store"),
        Row("GET", "/v1/events", roles: ["admin", "auditor"], event: nil, "no-store", "events"),
        Row(
            "GET",
            "/v1/analytics/events",
            roles: ["admin", "auditor"],
            event: nil,
            "no-store",
            "events"
        ),
        Row("GET", "/v1/oauth/authorize", roles: nil, event: "OPENID_AUTHORIZE", "oauth"),
        Row(
            "POST",
            "/v1/oauth/token",
            roles: nil,
            event: "OPENID_TOKEN",
            "oauth",
            "no-store",
            "pass"
        ),
        Row(
            "POST",
            "/v1/oauth/par",
            roles: nil,
            event: "OPENID_PUSHED_AUTHORIZATION",
            "oauth",
            "no-store",
            "pass"
        ),
        Row(
            "POST",
            "/v1/openid/credential",
            roles: nil,
            event: "OPENID_CREDENTIAL",
            "oauth",
            "no-store",
            "pass"
        ),
        Row(
            "POST",
            "/v1/openid/deferred-credential",
            roles: nil,
            event: "OPENID_DEFERRED_CREDENTIAL",
            "oauth",
            "no-store",
            "pass"
        ),
        Row(
            "POST",
            "/v1/openid/notification",
            roles: nil,
            event: "OPENID_NOTIFICATION",
            "oauth",
            "pass"
        ),
        Row("POST", "/v1/openid/nonce", roles: nil, event: nil, "oauth", "no-store"),
        Row(
            "GET",
            "/v1/openid/offers/abc",
            roles: nil,
            event: "OPENID_OFFER_READ",
            "oauth",
            "no-store"
        ),
        Row("GET", "/.well-known/openid-credential-issuer", roles: nil, event: nil, "oauth"),
        Row("GET", "/.well-known/oauth-authorization-server", roles: nil, event: nil, "oauth"),
    ]

    static let roles = [
        "admin", "issuer", "managed-issuer", "verifier", "dts-provider", "dts-consumer", "auditor",
    ]

    private static func compiled() throws -> CompiledPolicy {
        let text = try PolicyText.file("policies/openid4vci.policy")
        return try PolicyText(policy: text, tenants: [("acme", "")]).compile()
    }

    @Test("A call is guarded, recorded and answered as it should be", arguments: rows)
    func row(_ row: Row) throws {
        let policy = try Self.compiled()
        var parameters = PathParameters()
        let path = Array(row.path.utf8)
        let method = MethodCode(name: row.method)
        let match = policy.match(method: method, path: path.span, parameters: &parameters)
        guard case .route(let index) = match else {
            Issue.record("\(match)")
            return
        }
        let route = policy.routes[index]
        #expect(route.eventFamily.map { String(decoding: $0, as: UTF8.self) } == row.event)
        #expect(route.isNoStore == row.traits.contains("no-store"))
        #expect(route.servesEvents == row.traits.contains("events"))
        #expect(!route.checksAuthorization)
        #expect(route.errorStyle == (row.traits.contains("oauth") ? .oauth : .mattr))
        #expect((route.access == .credentialsPass) == row.traits.contains("pass"))
        #expect((route.access == .authorized) == (row.roles != nil))
    }

    @Test("Each role may what it may, and nobody else", arguments: rows)
    func callers(_ row: Row) throws {
        let policy = try Self.compiled()
        let callers = [nil] + Self.roles + ["Admin", "admin ", "administrator"]
        for role in callers {
            let caller = role.map { "role \"\($0)\"" } ?? ""
            let line = "test \"t\" \(row.method) \(row.path) \(caller) expect allow"
            let document = Self.document(line)
            let test = try #require(document.tests.first)
            let (outcome, _) = policy.outcome(of: test, 0)
            let expected: PolicyOutcome =
                switch (row.roles, role) {
                case (nil, _): .allow
                case (_, nil): .credentialsMissing
                case (.some(let allowed), .some(let role)):
                    allowed.contains(role) ? .allow : .roleMissing
                }
            #expect(outcome == expected, "\(caller)")
        }
    }

    static func document(_ line: String) -> PolicyDocument {
        var sources = SourceMap()
        let bytes = Array(line.utf8)
        let file = sources.add(path: "t", bytes: bytes)
        let parsed = StatementParser.parse(bytes, file: file) { _ in .failure(SourceFailure("")) }
        return PolicyReader.read(parsed.statements, sources: sources)
    }

    @Test func `every route has a test line`() throws {
        let text = try PolicyText.file("policies/openid4vci.policy")
        let policy = try Self.compiled()
        #expect(policy.testCount > 40)
        var tested: Set<Int> = []
        for test in Self.document(text).tests {
            if let route = policy.outcome(of: test, nil).route { tested.insert(route) }
        }
        #expect(tested == Set(policy.routes.indices))
    }

    @Test func `every role of the platform is declared`() throws {
        let text = try PolicyText.file("policies/openid4vci.policy")
        #expect(Self.document(text).roles.map(\.text) == Self.roles)
    }

    @Test("The policy that load is measured with compiles", arguments: ["public", "allow role"])
    func benchmark(_ access: String) throws {
        func line(_ role: String) -> String { access == "public" ? access : "\(access) \(role)" }
        let text = """
            roles reader writer admin
            route admin {
                match * /admin/{rest...}
                \(line("admin"))
                event BENCH_ADMIN
            }
            route read {
                match GET /{rest...}
                \(line("reader"))
                event BENCH_READ
            }
            route write {
                match POST /{rest...}
                match PUT /{rest...}
                match PATCH /{rest...}
                match DELETE /{rest...}
                \(line("writer"))
                event BENCH_WRITE
            }
            test "read" GET / role reader expect allow
            test "write" DELETE /a/b role writer expect allow
            test "admin" GET /admin role admin expect allow
            test "neither" OPTIONS /a expect 405
            """
        #expect(PolicyText(policy: text).faults == [])
    }
}
