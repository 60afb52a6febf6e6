import COpenSSL
import Policy
import Testing

@testable import Gateway

@Suite("Token validator")
struct TokenValidatorTests {
    @Test func `a good token gives its principal`() throws {
        let scene = try IdentityScene()
        var validator = TokenValidator()
        let token = try scene.token()
        let outcome = validator.validate(token.span, tenant: scene.tenant(), now: IdentityScene.now)
        guard case .valid(let principal) = outcome else {
            Issue.record("refused: \(outcome)")
            return
        }
        #expect(principal.subject == Array("s".utf8))
        #expect(principal.roles == Array("admin".utf8))
        #expect(principal.facts.contains(0))
    }

    static let cases: [(String, String, TokenRefusal?)] = [
        ("{}", IdentityScene.claims(), nil),
        (#"{"typ":"dpop+jwt"}"#, IdentityScene.claims(), .type),
        (#"{"typ":"openid4vci-proof+jwt"}"#, IdentityScene.claims(), .type),
        (#"{"crit":["x"],"x":1}"#, IdentityScene.claims(), .malformed),
        (#"{"b64":true}"#, IdentityScene.claims(), .malformed),
        (#"{"kid":"other"}"#, IdentityScene.claims(), .keyUnknown),
        (#"{"kid":"k1\u0000"}"#, IdentityScene.claims(), .keyUnknown),
        (#"{"jku":"https://evil/","jwk":{"kty":"EC"},"x5c":["x"]}"#, IdentityScene.claims(), nil),
        ("{}", #"{"iss":"https://idp/"}"#, .audience), ("{}", "{}", .issuer),
        ("{}", IdentityScene.claims(exp: IdentityScene.now - 30), .expired),
        ("{}", IdentityScene.claims(exp: IdentityScene.now + 90_000), .lifetime),
        ("{}", IdentityScene.claims(",\"nbf\":\(IdentityScene.now + 31)"), .notYetValid),
        ("{}", IdentityScene.claims(#","cnf":{"jkt":"x"}"#), .binding),
        ("{}", IdentityScene.claims(#","azp":"a\nb""#), .malformed),
        (#"{"typ":"JWT"}"#, IdentityScene.claims(#","nonce":"n""#), .type),
    ]

    @Test("what is wrong with a signed token gives its code", arguments: cases)
    func refusals(_ header: String, _ claims: String, _ refusal: TokenRefusal?) throws {
        let scene = try IdentityScene()
        var validator = TokenValidator()
        let token = try scene.token(claims, header: header)
        #expect(validator.refusal(token, scene.tenant()) == refusal)
        #expect(validator.refusal(token, scene.tenant()) == refusal)
        #expect(ERR_peek_error() == 0)
    }

    @Test func `a tenant binding is checked`() throws {
        let scene = try IdentityScene()
        var rules = IdentityScene.rules()
        rules.tenantBinding = TokenRules.TenantBinding(path: ["http://x/t"], value: "1")
        var validator = TokenValidator()
        let bound = try scene.token(IdentityScene.claims(#","http://x/t":"1""#))
        let other = try scene.token(IdentityScene.claims(#","http://x/t":"2""#))
        #expect(validator.refusal(bound, scene.tenant(rules: rules)) == nil)
        #expect(validator.refusal(other, scene.tenant(rules: rules)) == .tenant)
    }

    /// A token put together from parts that nobody signed.
    static func forged(_ header: String, signature: [UInt8]) -> [UInt8] {
        let parts = [Array(header.utf8), Array(IdentityScene.claims().utf8), signature]
        return Array(parts.map { Base64URL.encode($0) }.joined(separator: ".").utf8)
    }

    @Test func `unsigned and symmetric tokens are refused by their algorithm`() throws {
        let scene = try IdentityScene()
        var validator = TokenValidator()
        for name in ["none", "None", "NONE", "HS256", "HS512", "ES256K", "RSA1_5"] {
            let header = #"{"alg":"\#(name)","kid":"k1"}"#
            #expect(
                validator.refusal(Self.forged(header, signature: []), scene.tenant()) == .algorithm
            )
            let signed = Self.forged(header, signature: [UInt8](repeating: 1, count: 32))
            #expect(validator.refusal(signed, scene.tenant()) == .algorithm)
        }
    }

    @Test func `an empty or zero signature is refused`() throws {
        let scene = try IdentityScene()
        var validator = TokenValidator()
        let header = #"{"alg":"ES256","kid":"k1"}"#
        #expect(validator.refusal(Self.forged(header, signature: []), scene.tenant()) == .malformed)
        let zeros = Self.forged(header, signature: [UInt8](repeating: 0, count: 64))
        #expect(validator.refusal(zeros, scene.tenant()) == .signature)
        #expect(ERR_peek_error() == 0)
    }

    @Test func `a key serves only its own algorithm`() throws {
        let scene = try IdentityScene()
        var validator = TokenValidator()
        for name in ["RS256", "PS256", "ES384", "EdDSA"] {
            let header = #"{"alg":"\#(name)","kid":"k1"}"#
            let token = Self.forged(header, signature: [UInt8](repeating: 1, count: 64))
            #expect(validator.refusal(token, scene.tenant()) == .algorithm)
        }
    }

    @Test func `an algorithm that the tenant does not list is refused`() throws {
        let scene = try IdentityScene()
        var rules = IdentityScene.rules()
        rules.algorithms = [.rs256]
        var validator = TokenValidator()
        #expect(validator.refusal(try scene.token(), scene.tenant(rules: rules)) == .algorithm)
    }

    @Test func `another key's signature is refused whatever the claims say`() throws {
        let scene = try IdentityScene()
        let other = try IdentityScene()
        var validator = TokenValidator()
        #expect(validator.refusal(try other.token(), scene.tenant()) == .signature)
        #expect(validator.refusal(try other.token("{}"), scene.tenant()) == .signature)
    }

    @Test func `one changed character anywhere refuses the token`() throws {
        let scene = try IdentityScene()
        var validator = TokenValidator()
        let token = try scene.token()
        #expect(validator.refusal(token, scene.tenant()) == nil)
        for index in stride(from: 0, to: token.count, by: 3) {
            var changed = token
            changed[index] = changed[index] == 0x41 ? 0x42 : 0x41
            #expect(validator.refusal(changed, scene.tenant()) != nil, "\(index)")
        }
        #expect(validator.refusal(token + [0x3D], scene.tenant()) == .malformed)
        #expect(validator.refusal(token + [0x20], scene.tenant()) == .malformed)
        #expect(validator.refusal(Array(token.dropLast()), scene.tenant()) != nil)
    }

    @Test func `a token without kid is tried with every key that fits`() throws {
        let keys = try [
            SigningKey.generate(.curve(.p256), keyID: "a"), SigningKey.generate(.rsa2048),
            SigningKey.generate(.curve(.p256), keyID: "b"),
        ]
        let scene = try IdentityScene(keyID: nil)
        let set = try IdentityScene.keySet(keys + [scene.signer.key])
        var validator = TokenValidator()
        let token = try scene.token()
        #expect(validator.refusal(token, scene.tenant(keys: set)) == nil)
        let without = try IdentityScene.keySet(keys)
        let outcome = validator.validate(
            token.span,
            tenant: scene.tenant(keys: without),
            now: IdentityScene.now
        )
        guard case .wantsKeys(.signature) = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test func `keys of the same name are all tried`() throws {
        let first = try IdentityScene()
        let second = try IdentityScene()
        let set = try IdentityScene.keySet([first.signer.key, second.signer.key])
        var validator = TokenValidator()
        #expect(validator.refusal(try first.token(), first.tenant(keys: set)) == nil)
        #expect(validator.refusal(try second.token(), first.tenant(keys: set)) == nil)
    }

    @Test func `only an unknown key asks for fresh keys`() throws {
        let scene = try IdentityScene()
        let other = try IdentityScene()
        var validator = TokenValidator()
        func wish(_ token: [UInt8], _ tenant: TenantIdentity) -> Bool? {
            switch validator.validate(token.span, tenant: tenant, now: IdentityScene.now) {
            case .valid, .opaque: nil
            case .refused: false
            case .wantsKeys: true
            }
        }
        let unknown = try scene.token(header: #"{"kid":"k2"}"#)
        #expect(wish(unknown, scene.tenant()) == true)
        #expect(wish(try other.token(), scene.tenant()) == false)
        #expect(wish(try scene.token("{}"), scene.tenant()) == false)
        let keyless = scene.tenant().with(KeyStanding(keys: nil, source: .failing))
        #expect(wish(try scene.token(), keyless) == false)
        let loading = scene.tenant().with(KeyStanding(keys: nil, source: .loading))
        #expect(wish(try scene.token(), loading) == true)
    }

    @Test func `a key that a fetch did not bring is asked for again after a minute only`() throws {
        let scene = try IdentityScene()
        var validator = TokenValidator()
        let token = try scene.token(IdentityScene.claims(), header: #"{"kid":"k2"}"#)
        func isWanted(hasWaited: Bool, at now: Int64, _ tenant: TenantIdentity) -> Bool {
            let outcome = validator.validate(
                token.span,
                tenant: tenant,
                hasWaited: hasWaited,
                now: now
            )
            switch outcome {
            case .wantsKeys(.keyUnknown): return true
            case .refused(.keyUnknown): return false
            default:
                Issue.record("\(outcome)")
                return false
            }
        }
        let now = IdentityScene.now
        let tenant = scene.tenant()
        #expect(isWanted(hasWaited: false, at: now, tenant))
        #expect(!isWanted(hasWaited: true, at: now, tenant))
        #expect(!isWanted(hasWaited: false, at: now + 59, tenant))
        #expect(isWanted(hasWaited: false, at: now + 59, scene.tenant(index: 1)))
        #expect(isWanted(hasWaited: false, at: now + 60, tenant))
    }

    @Test func `what one loop found out about a key no other asks again`() throws {
        let scene = try IdentityScene()
        let absentKeys = AbsentKeys()
        var one = TokenValidator(absentKeys: absentKeys)
        var other = TokenValidator(absentKeys: absentKeys)
        let token = try scene.token(IdentityScene.claims(), header: #"{"kid":"k2"}"#)
        let (tenant, now) = (scene.tenant(), IdentityScene.now)
        _ = one.validate(token.span, tenant: tenant, hasWaited: true, now: now)
        let outcome = other.validate(token.span, tenant: tenant, now: now + 1)
        guard case .refused(.keyUnknown) = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test func `while its source fails an unknown key is our fault and not the caller's`() throws {
        let scene = try IdentityScene()
        var validator = TokenValidator()
        let failing = scene.tenant().with(KeyStanding(keys: scene.keys, source: .failing))
        let unknown = try scene.token(header: #"{"kid":"k2"}"#)
        #expect(validator.refusal(unknown, failing) == .keysUnavailable)
        #expect(validator.refusal(try scene.token(), failing) == nil)
    }

    @Test func `a token without the shape of a JWT is looked up where that is configured`() throws {
        let scene = try IdentityScene()
        var validator = TokenValidator()
        let opaque = Array("2YotnFZFEjr1zCsicMWpAA".utf8)
        func outcome(
            _ token: [UInt8],
            _ tenant: TenantIdentity,
            _ word: IntrospectionOutcome? = nil
        ) -> String {
            switch validator.validate(
                token.span,
                tenant: tenant,
                lookedUp: word,
                now: IdentityScene.now
            ) {
            case .valid: "valid"
            case .refused(let refusal): "\(refusal)"
            case .wantsKeys: "wants keys"
            case .opaque: "opaque"
            }
        }
        let both = scene.opaqueTenant()
        #expect(outcome(opaque, scene.tenant()) == "malformed")
        #expect(outcome(opaque, both) == "opaque")
        #expect(outcome(try scene.token(), both) == "valid")
        #expect(outcome(Array("a b".utf8), both) == "malformed")
        #expect(outcome([], both) == "malformed")
        #expect(outcome(opaque, both, .refused(.inactive)) == "inactive")
        let word = IntrospectionOutcome.active(
            try CacheScene.principal(),
            usableUntil: IdentityScene.now + 5,
            rulesGeneration: both.rulesGeneration
        )
        let old = IntrospectionOutcome.active(
            try CacheScene.principal(),
            usableUntil: IdentityScene.now + 5,
            rulesGeneration: both.rulesGeneration + 1
        )
        #expect(outcome(opaque, both, old) == "opaque", "found under other rules")
        #expect(outcome(opaque, both, word) == "valid")
        #expect(outcome(opaque, both) == "valid")
        let keyless = both.with(KeyStanding())
        #expect(outcome(try scene.token(), keyless) == "opaque")
    }

    @Test func `without keys a well-formed token is not refused for its owner's fault`() throws {
        let scene = try IdentityScene()
        let keyless = scene.tenant().with(KeyStanding(keys: nil, source: .failing))
        var validator = TokenValidator()
        #expect(validator.refusal(try scene.token(), keyless) == .keysUnavailable)
        #expect(validator.refusal(Array("x".utf8), keyless) == .malformed)
    }

    @Test func `a token over the limit is refused before anything else`() throws {
        let scene = try IdentityScene()
        var validator = TokenValidator()
        let filler = String(repeating: "x", count: 8_192)
        let token = try scene.token(IdentityScene.claims(",\"f\":\"\(filler)\""))
        #expect(validator.refusal(token, scene.tenant()) == .malformed)
    }
}
