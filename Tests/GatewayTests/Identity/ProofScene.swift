import Policy

@testable import Gateway

/// A client with a key, its token, and proofs that are right until a test makes something wrong.
struct ProofScene {
    static let now = IdentityScene.now
    static let token = Array("token.of.someone".utf8)

    let key: SigningKey
    var algorithm: SignatureAlgorithm

    /// Members with their values as JSON.
    var header: [String: String]
    var claims: [String: String]

    init(_ choice: SigningKey.Choice = .curve(.p256), _ named: SignatureAlgorithm? = nil) throws {
        key = try SigningKey.generate(choice)
        algorithm = named ?? key.algorithm
        header = [
            "typ": "\"dpop+jwt\"", "alg": "\"\(algorithm.rawValue)\"",
            "jwk": try Self.publicKey(of: key),
        ]
        let digest = Thumbprint(of: Self.token.span)?.text ?? ""
        claims = [
            "jti": "\"identifier\"", "htm": "\"POST\"", "iat": "\(Self.now)",
            "htu": "\"https://acme.example/offers\"", "ath": "\"\(digest)\"",
        ]
    }

    /// The public half without an algorithm.
    static func publicKey(of key: SigningKey) throws -> String {
        let member = ",\"alg\":\"\(key.algorithm.rawValue)\""
        return try key.publicJWK().replacing(member, with: "")
    }

    /// The proof, signed by `signer`, or by the client.
    func proof(by signer: SigningKey? = nil) throws -> [UInt8] {
        var input: [UInt8] = []
        Base64URL.encode(Self.object(header).span, appendingTo: &input)
        input.append(UInt8(ascii: "."))
        Base64URL.encode(Self.object(claims).span, appendingTo: &input)
        let signature = try (signer ?? key).sign(input, algorithm)
        input.append(UInt8(ascii: "."))
        Base64URL.encode(signature.span, appendingTo: &input)
        return input
    }

    private static func object(_ members: [String: String]) -> [UInt8] {
        let text = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        return Array("{\(text.joined(separator: ","))}".utf8)
    }

    static func tenant(wantsNonce: Bool = false) -> TenantIdentity {
        var proofs = Configuration.ProofRules()
        proofs.origins = ["https://acme.example", "https://acme.example:8443"]
        proofs.wantsNonce = wantsNonce
        return TenantIdentity(
            index: 0,
            name: "acme",
            rules: CompiledTokenRules(IdentityScene.rules()),
            conditions: CompiledConditions([]),
            rulesGeneration: 1,
            proofs: proofs,
            standing: KeyStanding()
        )
    }
}

extension ProofValidator {
    /// What becomes of a proof that comes with the scene's request and token.
    mutating func outcome(
        of proof: [UInt8],
        _ scene: ProofScene,
        tenant: TenantIdentity = ProofScene.tenant(),
        now: Int64 = ProofScene.now
    ) throws -> Outcome {
        validate(
            proof.span,
            token: ProofScene.token.span,
            key: try scene.key.thumbprint(),
            method: Array("POST".utf8).span,
            path: Array("/offers".utf8).span,
            tenant: tenant,
            now: now
        )
    }

    /// A validator with a store and nonces of its own.
    static func alone() -> ProofValidator {
        ProofValidator(replays: ReplayStore(), nonces: ProofNonces())
    }
}
