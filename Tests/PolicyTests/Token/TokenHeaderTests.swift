import Policy
import Testing

@Suite("Token shape and header")
struct TokenHeaderTests {
    static let shapes: [(String, TokenRefusal?)] = [
        ("a.b.c", nil), ("aa.bb.", nil), ("", .malformed), ("a", .malformed), ("a.b", .malformed),
        (".b.c", .malformed), ("a..c", .malformed), ("..", .malformed), ("a.b.c.d", .malformed),
        ("a.b.c.d.e", .malformed), ("a.b.c=", .malformed), ("a.b .c", .malformed),
        ("a.b.c\n", .malformed), ("a.b+.c", .malformed), ("aaaaaaaaaaa.b.c", .malformed),
    ]

    @Test("a token has three parts of base64url and a limited length", arguments: shapes)
    func shape(_ token: String, _ refusal: TokenRefusal?) {
        var found: TokenRefusal?
        do throws(TokenRefusal) {
            _ = try CompactToken(Array(token.utf8).span, bytesMax: 14)
        } catch { found = error }
        #expect(found == refusal)
    }

    @Test func `the parts are where they are`() throws {
        let parts = try CompactToken(Array("aa.bbb.c".utf8).span, bytesMax: 100)
        #expect(parts.header == 0..<2)
        #expect(parts.claims == 3..<6)
        #expect(parts.signature == 7..<8)
        #expect(parts.signingInput == 0..<6)
    }

    static let malformed = [
        "", "[]", "1", "{}", #"{"alg":1}"#, #"{"alg":"RS256","alg":"RS256"}"#,
        #"{"alg":"RS256","typ":1}"#, #"{"alg":"RS256","kid":7}"#, #"{"alg":"RS256","kid":null}"#,
        #"{"alg":"RS256","crit":[]}"#, #"{"alg":"RS256","crit":["exp"]}"#,
        #"{"alg":"RS256","cr\u0069t":["x"]}"#, #"{"\u0061lg":"RS256","alg":"RS256"}"#,
        #"{"alg":"RS256","crit":null}"#, #"{"alg":"RS256","zip":"DEF"}"#,
        #"{"alg":"RS256","enc":"A256GCM"}"#, #"{"alg":"RS256","cty":"JWT"}"#,
        #"{"alg":"RS256","cty":"application/jwt"}"#, #"{"alg":"RS256","cty":7}"#,
        #"{"alg":["RS256"]}"#, #"{"alg":null}"#, #"{"alg":{}}"#, #"{"Alg":"RS256"}"#,
        #"{"alg":"RS256","typ":null}"#, #"{"alg":"RS256","typ":["at+jwt"]}"#,
        #"{"alg":"RS256","kid":"\ud800"}"#, "\u{FEFF}{\"alg\":\"RS256\"}",
        #"{"alg":"RS256","x":01}"#, #"{"alg":"RS256","x":NaN}"#, #"{"alg":"RS256"},"#,
        #"{"alg":"RS256","b64":false}"#, #"{"alg":"RS256","b64":true}"#, #"{"alg":"RS256"} "x""#,
    ]

    @Test("a header that is not one is refused", arguments: malformed)
    func refuses(_ text: String) {
        #expect(throws: TokenRefusal.malformed) { _ = try TokenHeader(Array(text.utf8)) }
    }

    static let algorithms: [(String, TokenRefusal?)] = [
        ("RS256", nil), ("ES256", nil), ("EdDSA", nil), ("PS512", .algorithm), ("none", .algorithm),
        ("None", .algorithm), ("HS256", .algorithm), ("rs256", .algorithm), ("RS256 ", .algorithm),
        ("RS1", .algorithm), ("", .algorithm), ("ES256K", .algorithm), ("RS256\\u0000", .algorithm),
        (#"\u0052S256"#, nil), ("ECDH-ES", .algorithm), ("dir", .algorithm),
        ("A256GCM", .algorithm),
    ]

    @Test("only the algorithms of the rules are accepted", arguments: algorithms)
    func algorithm(_ name: String, _ refusal: TokenRefusal?) throws {
        var rules = TokenRules(issuer: "i", audiences: ["a"])
        rules.algorithms = [.rs256, .es256, .edDSA]
        let header = try TokenHeader(Array(#"{"alg":"\#(name)"}"#.utf8))
        var found: TokenRefusal?
        do throws(TokenRefusal) {
            _ = try CompiledTokenRules(rules).checkAlgorithm(of: header)
        } catch { found = error }
        #expect(found == refusal)
    }

    static let types: [(String?, TokenRefusal?)] = [
        (nil, nil), ("JWT", nil), ("jwt", nil), ("at+jwt", nil), ("AT+JWT", nil),
        ("application/at+jwt", nil), ("Application/At+Jwt", nil), ("application/jwt", nil),
        ("dpop+jwt", .type), ("openid4vci-proof+jwt", .type), ("logout+jwt", .type),
        ("kb+jwt", .type), ("", .type), ("at+jwt ", .type), ("application/", .type),
        ("x/at+jwt", .type), ("secevent+jwt", .type), ("application/at+jwt;x=y", .type),
        ("application/application/at+jwt", .type), (" at+jwt", .type), ("at+jwt\\u0000", .type),
        ("entity-statement+jwt", .type), ("vc+sd-jwt", .type), ("dc+sd-jwt", .type),
        ("oauth-authz-req+jwt", .type), ("token-introspection+jwt", .type),
        ("oauth-client-attestation-pop+jwt", .type), ("JOSE", .type), ("JOSE+JSON", .type),
        ("application/dpop+jwt", .type), ("DPOP+JWT", .type), (#"\u0061t+jwt"#, nil),
    ]

    @Test("another kind of JWT does not pass", arguments: types)
    func type(_ name: String?, _ refusal: TokenRefusal?) throws {
        let member = name.map { #","typ":"\#($0)""# } ?? ""
        let header = try TokenHeader(Array(#"{"alg":"RS256"\#(member)}"#.utf8))
        let rules = CompiledTokenRules(TokenRules(issuer: "i", audiences: ["a"]))
        var found: TokenRefusal?
        do throws(TokenRefusal) { try rules.checkType(of: header) } catch { found = error }
        #expect(found == refusal)
    }

    @Test func `a type passes when the rules name it, and absence only when they allow it`() throws
    {
        var rules = TokenRules(issuer: "i", audiences: ["a"])
        rules.types = ["dpop+jwt"]
        rules.acceptsMissingType = false
        let compiled = CompiledTokenRules(rules)
        try compiled.checkType(of: TokenHeader(Array(#"{"alg":"RS256","typ":"dpop+jwt"}"#.utf8)))
        #expect(throws: TokenRefusal.type) {
            try compiled.checkType(of: TokenHeader(Array(#"{"alg":"RS256"}"#.utf8)))
        }
    }

    @Test func `keys and addresses in the header are not looked at`() throws {
        let text =
            #"{"alg":"RS256","kid":"\u0061","jku":"https://x/","jwk":{"kty":"RSA"},"x5c":[]}"#
        let header = try TokenHeader(Array(text.utf8))
        #expect(header.names(keyID: Array("a".utf8)))
        #expect(!header.names(keyID: Array("b".utf8)))
    }

    @Test func `a code and a message hold only what an answer may hold`() {
        for refusal in TokenRefusal.allCases {
            for byte in refusal.message.description.utf8 {
                #expect(0x20...0x7E ~= byte && byte != 0x22 && byte != 0x5C)
            }
            let ours: [TokenRefusal] = [
                .keysUnavailable, .introspectionUnavailable, .proofsUnavailable,
            ]
            let isOurs = ours.contains(refusal)
            #expect(refusal.code.description.hasPrefix("token-") != isOurs)
            #expect(refusal.status == (isOurs ? 503 : 401))
        }
        let codes = TokenRefusal.allCases.map { $0.code.description }
        let others = codes.filter { $0 != "token-binding" }
        #expect(Set(others).count == others.count)
    }
}
