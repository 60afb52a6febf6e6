import Policy
import Testing

@Suite("Claim rules")
struct ClaimRulesTests {
    static let now: Int64 = 1_000_000

    static let rules = {
        var rules = TokenRules(issuer: "https://idp/", audiences: ["https://a", "https://b"])
        rules.tenantBinding = TokenRules.TenantBinding(path: ["http://x/tenant"], value: "t1")
        return rules
    }()

    /// Claims that pass, with some replaced; `nil` takes one out.
    static func claims(_ changes: [String: String?]) -> String {
        var members: [String: String] = [
            "iss": "\"https://idp/\"", "aud": "\"https://a\"", "exp": "1000600", "iat": "999900",
            "nbf": "999900", "sub": "\"s\"", "http://x/tenant": "\"t1\"",
        ]
        for (name, value) in changes { members[name] = value }
        let text = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        return "{\(text.joined(separator: ","))}"
    }

    static func refusal(
        of text: String,
        rules: TokenRules = rules,
        type: String? = nil
    ) -> TokenRefusal? {
        do throws(TokenRefusal) {
            let claims = try Claims(Array(text.utf8), type: type.map { Array($0.utf8) })
            try ClaimRules.check(claims, rules: CompiledTokenRules(rules), now: now)
            return nil
        } catch { return error }
    }

    static let cases: [(String, String?, TokenRefusal?)] = [
        ("x", "0", nil),
        ("iss", "\"https://idp\"", .issuer), ("iss", "\"https://idp/ \"", .issuer),
        ("iss", "\"HTTPS://idp/\"", .issuer), ("iss", nil, .issuer), ("iss", "1", .issuer),
        ("iss", "[\"https://idp/\"]", .issuer), ("iss", #""https:\/\/idp\/""#, nil),
        ("aud", nil, .audience), ("aud", "\"https://c\"", .audience), ("aud", "[]", .audience),
        ("aud", "[\"x\",\"https://b\"]", nil), ("aud", "[\"https://b\",7]", .malformed),
        ("aud", "7", .malformed), ("aud", "{}", .malformed), ("aud", "\"https://a/\"", .audience),
        ("exp", nil, .malformed), ("exp", "\"1000600\"", .malformed), ("exp", "null", .malformed),
        ("exp", "999971", nil), ("exp", "999970", .expired), ("exp", "999970.9", .expired),
        ("exp", "0", .expired), ("exp", "-1e300", .expired), ("exp", "1e300", .lifetime),
        ("exp", "1.0006e6", nil), ("exp", "1086360", nil), ("exp", "1086361", .lifetime),
        ("nbf", "1000030", nil), ("nbf", "1000031", .notYetValid),
        ("nbf", "1000030.1", .notYetValid),
        ("nbf", "true", .malformed), ("nbf", nil, nil), ("nbf", "1e300", .notYetValid),
        ("iat", "1000030", nil), ("iat", "1000031", .notYetValid), ("iat", "\"x\"", .malformed),
        ("iat", nil, nil), ("iat", "0", .lifetime), ("iat", "-1e300", .lifetime),
        ("http://x/tenant", nil, .tenant), ("http://x/tenant", "\"t2\"", .tenant),
        ("http://x/tenant", "[\"t1\"]", .tenant), ("http://x/tenant", "null", .tenant),
        ("cnf", "{\"jkt\":\"x\"}", .binding), ("cnf", "null", .binding), ("cnf", "{}", .binding),
        ("iss", "\"https://idp/\\u0000\"", .issuer), ("iss", "\"https://idp//\"", .issuer),
        ("iss", "\"https://IDP/\"", .issuer), ("iss", "null", .issuer), ("iss", "{}", .issuer),
        ("aud", "[[\"https://a\"]]", .malformed), ("aud", "[\"https://a\",null]", .malformed),
        ("aud", "[null,\"https://a\"]", .malformed), ("aud", "[\"https://a\",[]]", .malformed),
        ("aud", "true", .malformed), ("aud", "null", .malformed), ("aud", "\"\"", .audience),
        ("aud", "\"https://a https://b\"", .audience), ("aud", "{\"https://a\":1}", .malformed),
        ("aud", "[\"https://a\",\"https://a\"]", nil), ("aud", #""\u0068ttps://a""#, nil),
        ("exp", "1000600.999", nil), ("exp", "true", .malformed), ("exp", "[1000600]", .malformed),
        ("exp", "{}", .malformed), ("exp", "\"1\"", .malformed), ("exp", "1e308", .lifetime),
        ("exp", "1e-400", .expired), ("exp", "-1e18", .expired), ("exp", "1e18", .lifetime),
        ("exp", "253402300799.5", .lifetime), ("exp", "9223372036854775807", .lifetime),
        ("exp", "-9223372036854775809", .expired), ("exp", "1e99999999999999999999", .lifetime),
        ("exp", "10006000000000000000000000000e-22", nil), ("exp", "0.0000000010006e15", nil),
        ("nbf", "\"1\"", .malformed), ("nbf", "null", .malformed), ("nbf", "-1e308", nil),
        ("nbf", "1e-400", nil), ("nbf", "1e99999999999999999999", .notYetValid),
        ("iat", "true", .malformed), ("iat", "null", .malformed), ("iat", "[]", .malformed),
        ("iat", "1e308", .notYetValid), ("iat", "999900.25", nil), ("iat", "1e-400", .lifetime),
        ("cnf", "[]", .binding), ("cnf", "\"x\"", .binding), ("cnf", "{\"jwk\":{}}", .binding),
        ("cnf", "{\"kid\":\"k\"}", .binding), ("cnf", "{\"jkt\":7}", .binding),
        ("nonce", "null", .type), ("s_hash", "\"x\"", .type), ("htm", "\"GET\"", .type),
        ("htu", "\"https://a\"", .type), ("ath", "\"x\"", .type), ("events", "{}", .type),
        ("vc", "{}", .type), ("vp", "{}", .type), ("vct", "\"x\"", .type), ("_sd", "[]", .type),
        ("sd_hash", "\"x\"", .type), ("jwks", "{}", .type), ("auth_time", "1", nil),
        ("acr", "\"0\"", nil), ("sid", "\"x\"", nil),
        ("nonce", "\"x\"", .type), ("at_hash", "\"x\"", .type), ("c_hash", "\"x\"", .type),
    ]

    @Test("each claim is checked", arguments: cases)
    func claim(_ name: String, _ value: String?, _ refusal: TokenRefusal?) {
        #expect(Self.refusal(of: Self.claims([name: value])) == refusal)
    }

    @Test func `a binding that can be checked passes, in full or not at all`() {
        let digest = String(repeating: "A", count: 43)
        func refusal(_ members: String) -> TokenRefusal? {
            Self.refusal(of: Self.claims(["cnf": "{\(members)}"]))
        }
        #expect(refusal("\"jkt\":\"\(digest)\"") == nil)
        #expect(refusal("\"x5t#S256\":\"\(digest)\"") == nil)
        #expect(refusal("\"jkt\":\"\(digest)\",\"x5t#S256\":\"\(digest)\"") == nil)
        #expect(refusal("\"jkt\":\"\(digest)\",\"x5t#S256\":\"x\"") == .binding)
        #expect(refusal("\"jkt\":\"\(digest)\",\"jwk\":{}") == .binding)
        #expect(refusal("\"jkt\":\"\(digest)A\"") == .binding)
        #expect(refusal("\"jkt\":\"\(digest)=\"") == .binding)
        // 43 characters hold two bits too many, which must be 0.
        #expect(refusal("\"jkt\":\"\(digest.dropLast())B\"") == .binding)
    }

    @Test func `without iat the lifetime is counted from now`() {
        #expect(Self.refusal(of: Self.claims(["iat": nil, "exp": "1086460"])) == nil)
        #expect(Self.refusal(of: Self.claims(["iat": nil, "exp": "1086461"])) == .lifetime)
    }

    static let kinds: [(String, String, TokenRefusal?)] = [
        ("token_use", "\"id\"", .type), ("token_use", "\"refresh\"", .type),
        ("typ", "\"ID\"", .type), ("typ", "\"Refresh\"", .type), ("typ", "\"Logout\"", .type),
        ("token_type", "\"refresh_token\"", .type), ("token_introspection", "{}", .type),
        ("typ", "7", .malformed), ("token_use", "\"access\"", nil), ("typ", "\"Bearer\"", nil),
        ("typ", "\"DPoP\"", nil), ("token_type", "\"Bearer\"", nil), ("typ", "\"JWT\"", nil),
    ]

    @Test("a token that calls itself another kind is no access token", arguments: kinds)
    func statedKind(_ name: String, _ value: String, _ refusal: TokenRefusal?) {
        let text = Self.claims([name: value])
        #expect(Self.refusal(of: text) == refusal)
        #expect(Self.refusal(of: text, type: "jwt") == refusal)
    }

    @Test func `only a token of the type at+jwt may have a nonce`() {
        let text = Self.claims(["nonce": "\"x\""])
        #expect(Self.refusal(of: text, type: "jwt") == .type)
        #expect(Self.refusal(of: text, type: "at+jwt") == nil)
    }

    @Test(
        "claims are one JSON object",
        arguments: ["", "[]", "\"x\"", "{} ", "{\"iss\":1,\"iss\":2}"]
    )
    func object(_ text: String) {
        #expect(Self.refusal(of: text) == (text == "{} " ? .issuer : .malformed))
    }

    @Test func `the first check that fails gives the code`() {
        let all = Self.claims(["iss": "\"x\"", "aud": "\"x\"", "exp": "0", "cnf": "{}"])
        #expect(Self.refusal(of: all) == .issuer)
        let some = Self.claims(["exp": "0", "cnf": "{}", "nbf": "2000000"])
        #expect(Self.refusal(of: some) == .expired)
    }

    @Test func `huge limits do not overflow`() {
        var rules = Self.rules
        rules.leewaySeconds = .max
        rules.lifetimeSecondsMax = .max
        let text = Self.claims(["exp": "1e300", "iat": "-1e300"])
        #expect(Self.refusal(of: text, rules: rules) == nil)
        rules.leewaySeconds = 0
        #expect(Self.refusal(of: text, rules: rules) == .lifetime)
        rules.leewaySeconds = -5
        #expect(Self.refusal(of: Self.claims([:]), rules: rules) == nil)
    }

    @Test func `an explanation has a finding for every check and the same refusals`() throws {
        let claims = try Claims(Array(Self.claims(["exp": "0", "aud": "\"x\""]).utf8))
        let rules = CompiledTokenRules(Self.rules)
        let findings = ClaimRules.findings(claims, rules: rules, now: Self.now)
        #expect(findings.map(\.check) == ClaimCheck.allCases)
        #expect(findings.compactMap(\.refusal) == [.audience, .expired])
        #expect(findings[2].found == "aud \"x\"")
    }
}
