import COpenSSL
import Policy
import Testing

@testable import Gateway

@Suite("Proof validator")
struct ProofValidatorTests {
    static let keys: [(SigningKey.Choice, SignatureAlgorithm)] = [
        (.rsa2048, .rs256), (.rsa2048, .rs384), (.rsa2048, .rs512), (.rsa2048, .ps256),
        (.rsa2048, .ps384), (.rsa2048, .ps512), (.curve(.p256), .es256), (.curve(.p384), .es384),
        (.curve(.p521), .es512), (.curve(.ed25519), .edDSA), (.curve(.ed448), .edDSA),
    ]

    @Test("a good proof is taken under every algorithm, and once", arguments: keys)
    func good(_ choice: SigningKey.Choice, _ algorithm: SignatureAlgorithm) throws {
        var scene = try ProofScene(choice, algorithm)
        var validator = ProofValidator.alone()
        let proof = try scene.proof()
        #expect(try validator.outcome(of: proof, scene) == .valid(offersNonce: false))
        #expect(try validator.outcome(of: proof, scene) == .refused(.proof))
        scene.claims["jti"] = "\"another\""
        #expect(try validator.outcome(of: scene.proof(), scene) == .valid(offersNonce: false))
        #expect(ERR_peek_error() == 0)
    }

    typealias Change = @Sendable (inout ProofScene) throws -> Void

    private static func header(_ name: String, _ value: String?) -> Change {
        { $0.header[name] = value }
    }

    private static func claim(_ name: String, _ value: String?) -> Change {
        { $0.claims[name] = value }
    }

    private static func inKey(_ member: String) -> Change {
        { $0.header["jwk"] = ($0.header["jwk"] ?? "").dropLast() + ",\(member)}" }
    }

    /// One rule of RFC 9449 section 4.3, RFC 7515 or RFC 7517 broken at a time.
    static let broken: [(String, Change)] = [
        ("no typ", header("typ", nil)), ("a plain typ", header("typ", "\"JWT\"")),
        ("an access token's typ", header("typ", "\"at+jwt\"")),
        ("a wallet's proof", header("typ", "\"openid4vci-proof+jwt\"")),
        ("a typ that goes on", header("typ", "\"dpop+jwt2\"")),
        ("a typ number", header("typ", "1")),
        ("no alg", header("alg", nil)), ("none", header("alg", "\"none\"")),
        ("a symmetric alg", header("alg", "\"HS256\"")),
        ("another key's alg", header("alg", "\"ES384\"")),
        ("an alg of RSA", header("alg", "\"RS256\"")),
        ("no jwk", header("jwk", nil)), ("a jwk string", header("jwk", "\"x\"")),
        ("an empty jwk", header("jwk", "{}")), ("a null jwk", header("jwk", "null")),
        ("a symmetric jwk", header("jwk", #"{"kty":"oct","k":"AAAA"}"#)),
        ("a jwk with its private part", inKey(#""d":"AAAA""#)),
        ("a jwk with a secret", inKey(#""k":"AAAA""#)),
        (
            "a jwk for encryption",
            { $0.header["jwk"] = $0.header["jwk"]?.replacing("sig", with: "enc") }
        ),
        ("a jwk of another alg", inKey(#""alg":"ES384""#)),
        ("a jwk that only signs", inKey(#""key_ops":["sign"]"#)),
        (
            "another's jwk",
            { $0.header["jwk"] = try ProofScene.publicKey(of: .generate(.curve(.p256))) }
        ),
        ("crit", header("crit", #"["exp"]"#)), ("b64", header("b64", "true")),
        ("zip", header("zip", "\"DEF\"")), ("a JWT inside", header("cty", "\"JWT\"")),
        ("no jti", claim("jti", nil)), ("an empty jti", claim("jti", "\"\"")),
        ("a jti number", claim("jti", "1")),
        ("a long jti", claim("jti", "\"" + String(repeating: "x", count: 257) + "\"")),
        ("no htm", claim("htm", nil)), ("another htm", claim("htm", "\"GET\"")),
        ("htm in lower case", claim("htm", "\"post\"")),
        ("an htm list", claim("htm", #"["POST"]"#)),
        ("no htu", claim("htu", nil)),
        ("another path", claim("htu", "\"https://acme.example/offer\"")),
        ("a longer path", claim("htu", "\"https://acme.example/offers/\"")),
        ("another host", claim("htu", "\"https://beta.example/offers\"")),
        ("another scheme", claim("htu", "\"http://acme.example/offers\"")),
        ("another port", claim("htu", "\"https://acme.example:8444/offers\"")),
        ("a path alone", claim("htu", "\"/offers\"")),
        ("a user in htu", claim("htu", "\"https://acme.example@evil.example/offers\"")),
        ("no iat", claim("iat", nil)), ("an old iat", claim("iat", "\(ProofScene.now - 91)")),
        ("a late iat", claim("iat", "\(ProofScene.now + 31)")),
        ("an iat string", claim("iat", "\"1\"")),
        ("exp over", claim("exp", "\(ProofScene.now - 30)")),
        ("nbf to come", claim("nbf", "\(ProofScene.now + 31)")),
        ("no ath", claim("ath", nil)), ("an empty ath", claim("ath", "\"\"")),
        ("another ath", claim("ath", "\"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo\"")),
        ("a padded ath", { $0.claims["ath"] = ($0.claims["ath"] ?? "").dropLast() + "=\"" }),
    ]

    @Test("a proof with one thing wrong is refused", arguments: broken)
    func refused(_ example: (name: String, change: Change)) throws {
        var scene = try ProofScene()
        try example.change(&scene)
        var validator = ProofValidator.alone()
        let outcome = try validator.outcome(of: scene.proof(), scene)
        #expect(outcome == .refused(.proof), "\(example.name)")
        #expect(ERR_peek_error() == 0)
    }

    /// Other spellings that mean the same, or members that nothing is asked of.
    static let harmless: [(String, Change)] = [
        ("typ as a media type", header("typ", "\"application/DPoP+JWT\"")),
        ("a kid", header("kid", "\"x\"")),
        ("other header members", header("x5u", "\"https://x/\"")),
        ("a query", claim("htu", "\"https://acme.example/offers?x=1#y\"")),
        ("the default port", claim("htu", "\"HTTPS://ACME.example:443/offers\"")),
        ("another origin of the tenant", claim("htu", "\"https://acme.example:8443/offers\"")),
        ("an iat of a fast clock", claim("iat", "\(ProofScene.now + 30)")),
        ("an iat of a while ago", claim("iat", "\(ProofScene.now - 90)")),
        ("a nonce of somebody else", claim("nonce", "\"theirs\"")),
        ("the key's own alg", inKey(#""alg":"ES256""#)), ("other claims", claim("x", "[1]")),
    ]

    @Test("what means the same is taken", arguments: harmless)
    func taken(_ example: (name: String, change: Change)) throws {
        var scene = try ProofScene()
        try example.change(&scene)
        var validator = ProofValidator.alone()
        let outcome = try validator.outcome(of: scene.proof(), scene)
        #expect(outcome == .valid(offersNonce: false), "\(example.name)")
    }

    @Test func `a signature by another key, or none, is refused`() throws {
        let scene = try ProofScene()
        var validator = ProofValidator.alone()
        let forged = try scene.proof(by: .generate(.curve(.p256)))
        #expect(try validator.outcome(of: forged, scene) == .refused(.proof))
        var unsigned = try scene.proof()
        while unsigned.last != UInt8(ascii: ".") { unsigned.removeLast() }
        #expect(try validator.outcome(of: unsigned, scene) == .refused(.proof))
        #expect(try validator.outcome(of: scene.proof(), scene) == .valid(offersNonce: false))
    }

    @Test(
        "what is no compact JWS is refused",
        arguments: ["", "x", "a.b", "a.b.c.d", "..", "e30.e30.", "e30.e30.AA=", "[\"a\"]"]
    )
    func shapes(_ text: String) throws {
        let scene = try ProofScene()
        var validator = ProofValidator.alone()
        #expect(try validator.outcome(of: Array(text.utf8), scene) == .refused(.proof))
    }

    @Test func `a proof longer than 8 KB is refused`() throws {
        var scene = try ProofScene()
        scene.claims["x"] = "\"" + String(repeating: "y", count: 8_192) + "\""
        var validator = ProofValidator.alone()
        #expect(try validator.outcome(of: scene.proof(), scene) == .refused(.proof))
    }

    @Test func `a proof that is refused is not used up`() throws {
        let scene = try ProofScene()
        var validator = ProofValidator.alone()
        let proof = try scene.proof()
        let early = ProofScene.now - 31
        #expect(try validator.outcome(of: proof, scene, now: early) == .refused(.proof))
        #expect(try validator.outcome(of: proof, scene) == .valid(offersNonce: false))
    }

    @Test func `a proof used on one loop is used on all`() throws {
        let scene = try ProofScene()
        let (replays, nonces) = (ReplayStore(), ProofNonces())
        var first = ProofValidator(replays: replays, nonces: nonces)
        var second = ProofValidator(replays: replays, nonces: nonces)
        let proof = try scene.proof()
        #expect(try first.outcome(of: proof, scene) == .valid(offersNonce: false))
        #expect(try second.outcome(of: proof, scene) == .refused(.proof))
    }

    @Test func `a proof that cannot be remembered is not taken`() throws {
        var scene = try ProofScene()
        let replays = ReplayStore(entriesMax: 1)
        var validator = ProofValidator(replays: replays, nonces: ProofNonces())
        var outcomes: Set<ProofValidator.Outcome> = []
        for number in 0..<2_000 where !outcomes.contains(.refused(.proofsUnavailable)) {
            scene.claims["jti"] = "\"\(number)\""
            outcomes.insert(try validator.outcome(of: scene.proof(), scene))
        }
        #expect(outcomes == [.valid(offersNonce: false), .refused(.proofsUnavailable)])
    }

    @Test func `a nonce is asked for last, and a newer one is offered in time`() throws {
        var scene = try ProofScene()
        let nonces = ProofNonces()
        var validator = ProofValidator(replays: ReplayStore(), nonces: nonces)
        let tenant = ProofScene.tenant(wantsNonce: true)
        func outcome(_ validator: inout ProofValidator) throws -> ProofValidator.Outcome {
            try validator.outcome(of: scene.proof(), scene, tenant: tenant)
        }
        #expect(try outcome(&validator) == .refused(.proofNonce))
        scene.claims["htm"] = "\"GET\""
        #expect(try outcome(&validator) == .refused(.proof))
        scene.claims["htm"] = "\"POST\""
        for wrong in ["\"\"", "\"theirs\"", "1"] {
            scene.claims["nonce"] = wrong
            #expect(try outcome(&validator) == .refused(.proofNonce))
        }
        let slot = ProofNonces.slotSeconds
        for (age, wanted) in [
            (slot * 2, .refused(.proofNonce)), (slot, .valid(offersNonce: true)),
            (0, .valid(offersNonce: false)),
        ] as [(Int64, ProofValidator.Outcome)] {
            let nonce = nonces.current(at: ProofScene.now - age)
            scene.claims["nonce"] = "\"\(String(decoding: nonce, as: UTF8.self))\""
            scene.claims["jti"] = "\"\(age)\""
            #expect(try outcome(&validator) == wanted)
        }
    }

    /// RFC 9449 section 7.1.
    @Test func `the example of the RFC is taken`() throws {
        let proof = """
            eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0Vj\
            NoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5\
            VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUI\
            iwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI\
            2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqz\
            hrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA
            """
        let name = Array("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I".utf8)
        let key = Thumbprint(base64URL: name.span)
        var proofs = Configuration.ProofRules()
        proofs.origins = ["https://resource.example.org"]
        let tenant = TenantIdentity(
            index: 0,
            name: "acme",
            rules: CompiledTokenRules(IdentityScene.rules()),
            conditions: CompiledConditions([]),
            rulesGeneration: 1,
            proofs: proofs,
            standing: KeyStanding()
        )
        var validator = ProofValidator.alone()
        let outcome = validator.validate(
            Array(proof.utf8).span,
            token: Array("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU".utf8).span,
            key: try #require(key),
            method: Array("GET".utf8).span,
            path: Array("/protectedresource".utf8).span,
            tenant: tenant,
            now: 1_562_262_618
        )
        #expect(outcome == .valid(offersNonce: false))
    }

    @Test func `the proofs of the command are taken`() throws {
        for (choice, _) in Self.keys {
            let scene = try ProofScene(choice)
            let proof = try TokenSigner(scene.key).proof(
                method: "POST",
                url: "https://acme.example/offers?x=1",
                token: ProofScene.token,
                now: ProofScene.now
            )
            var validator = ProofValidator.alone()
            let outcome = try validator.outcome(of: Array(proof.utf8), scene)
            #expect(outcome == .valid(offersNonce: false))
        }
    }
}
