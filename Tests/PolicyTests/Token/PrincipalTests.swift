import Policy
import Testing

@Suite("Principal")
struct PrincipalTests {
    static func principal(
        _ text: String,
        conditions: [Condition] = [],
        _ change: (inout TokenRules) -> Void = { _ in }
    ) throws(TokenRefusal) -> Principal {
        var rules = TokenRules(issuer: "i", audiences: ["a"])
        rules.rolesPath = ["realm_access", "roles"]
        change(&rules)
        return try Principal(
            Claims(Array(text.utf8)),
            rules: CompiledTokenRules(rules),
            conditions: CompiledConditions(conditions)
        )
    }

    static let clients: [(String, String)] = [
        (#""client_id":"c","azp":"z","sub":"s""#, "c"), (#""azp":"z","sub":"s""#, "z"),
        (#""sub":"s""#, "s"), (#""x":1"#, ""), (#""client_id":"","azp":"z""#, "z"),
    ]

    @Test("the client is client_id, else azp, else sub", arguments: clients)
    func client(_ members: String, _ client: String) throws {
        let principal = try Self.principal("{\"exp\":1,\(members)}")
        #expect(principal.client == Array(client.utf8))
    }

    @Test func `the rules may name another claim for the client`() throws {
        let principal = try Self.principal(#"{"exp":1,"azp":"z","a":{"b":"deep"}}"#) {
            $0.clientPath = ["a", "b"]
        }
        #expect(principal.client == Array("deep".utf8))
    }

    static let unsafeNames = [
        #""a\r\nX: y""#, #""a\u0000""#, #"" a""#, #""a ""#, #""é""#, #""\u007f""#, "5", "[]",
        "null",
    ]

    @Test("a name that cannot stand in a header field is refused", arguments: unsafeNames)
    func names(_ value: String) {
        for name in ["sub", "client_id"] {
            #expect(throws: TokenRefusal.malformed) {
                _ = try Self.principal("{\"exp\":1,\"\(name)\":\(value)}")
            }
        }
    }

    static let roles: [(String, String)] = [
        (#"{"realm_access":{"roles":["a","b","a",7,""]}}"#, "a,b"),
        (#"{"realm_access":{"roles":"b a  b"}}"#, "b,a"), (#"{"realm_access":{"roles":7}}"#, ""),
        (#"{"roles":["a"]}"#, ""), (#"{"realm_access":{"roles":["a,admin"," x","b c"]}}"#, "b c"),
    ]

    @Test("roles come from the path, each once, and cannot be forged by a comma", arguments: roles)
    func rolesOfToken(_ text: String, _ roles: String) throws {
        let principal = try Self.principal("{\"exp\":1," + text.dropFirst())
        #expect(principal.roles == Array(roles.utf8))
    }

    @Test func `with a mapping only mapped values give roles`() throws {
        let text = #"{"exp":1,"realm_access":{"roles":["admin","offer-manager"]}}"#
        let conditions: [Condition] = [.role("admin"), .role("issuer"), .role("offer-manager")]
        let principal = try Self.principal(text, conditions: conditions) {
            $0.roleMapping = ["offer-manager": ["issuer", "auditor"]]
        }
        #expect(principal.roles == Array("issuer,auditor".utf8))
        #expect([0, 1, 2].map { principal.facts.contains($0) } == [false, true, false])
    }

    static let facts: [(Condition, Bool)] = [
        (.role("a"), true), (.role("A"), false), (.role("ab"), false), (.scope("read"), true),
        (.scope("rea"), false), (.scope("write:x"), true), (.client("c1"), true),
        (.client("s"), false), (.claim(path: ["org", "id"], .equals("7")), true),
        (.claim(path: ["org", "id"], .equals("7.0")), false),
        (.claim(path: ["org", "ok"], .equals("true")), true),
        (.claim(path: ["groups"], .equals("g2")), true),
        (.claim(path: ["groups"], .equals("g3")), false),
        (.claim(path: ["org"], .equals("")), false),
        (.claim(path: ["http://x/y.z"], .equals("u")), true),
    ]

    @Test("conditions hold exactly", arguments: facts)
    func fact(_ condition: Condition, _ holds: Bool) throws {
        let text = """
            {"exp":1,"sub":"s","azp":"c1","scope":"read write:x","groups":["g1","g2"],
             "org":{"id":7,"ok":true},"http://x/y.z":"u","realm_access":{"roles":["a"]}}
            """
        let principal = try Self.principal(text, conditions: [.scope("never"), condition])
        #expect(principal.facts.contains(1) == holds)
        #expect(!principal.facts.contains(0))
    }

    @Test func `scp stands in for scope`() throws {
        let principal = try Self.principal(
            #"{"exp":1,"scp":["x","y"]}"#,
            conditions: [.scope("y"), .scope("z")]
        )
        #expect(principal.facts.contains(0))
        #expect(!principal.facts.contains(1))
    }

    @Test func `claims for header lines are scalars without control characters`() throws {
        let principal = try Self.principal(
            #"{"exp":1,"a":{"s":"x y","n":-1.5,"b":false,"l":[1],"c":"a\nb"}}"#
        )
        #expect(principal.claim(["a", "s"]) == Array("x y".utf8))
        #expect(principal.claim(["a", "n"]) == Array("-1.5".utf8))
        #expect(principal.claim(["a", "b"]) == Array("false".utf8))
        #expect(principal.claim(["a", "l"]) == nil)
        #expect(principal.claim(["a", "c"]) == nil)
        #expect(principal.claim(["b"]) == nil)
    }

    @Test func `times are kept with the leeway outside`() throws {
        let principal = try Self.principal(#"{"exp":100,"nbf":50,"iat":40.5}"#)
        #expect(principal.expiresAt == 100)
        #expect(principal.notBefore == 50)
        #expect(principal.isValid(at: 129, leewaySeconds: 30))
        #expect(!principal.isValid(at: 130, leewaySeconds: 30))
        #expect(principal.isValid(at: 20, leewaySeconds: 30))
        #expect(!principal.isValid(at: 19, leewaySeconds: 30))
    }
}
