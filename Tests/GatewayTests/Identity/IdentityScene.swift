import Policy

@testable import Gateway

/// An issuer with keys, and a tenant that trusts it.
struct IdentityScene {
    static let now: Int64 = 1_700_000_000

    let signer: TokenSigner
    let keys: KeySet

    init(_ choice: SigningKey.Choice = .curve(.p256), keyID: String? = "k1") throws {
        let key = try SigningKey.generate(choice, keyID: keyID)
        signer = TokenSigner(key)
        keys = try Self.keySet([key])
    }

    static func keySet(_ keys: [SigningKey]) throws -> KeySet {
        let members = try keys.map { try $0.publicJWK() }
        return try KeySet(Array("{\"keys\":[\(members.joined(separator: ","))]}".utf8))
    }

    static func rules() -> TokenRules {
        var rules = TokenRules(issuer: "https://idp/", audiences: ["https://acme"])
        rules.rolesPath = ["roles"]
        return rules
    }

    func tenant(
        index: Int = 0,
        rules: TokenRules = rules(),
        generation: UInt64 = 1,
        keys: KeySet? = nil
    ) -> TenantIdentity {
        TenantIdentity(
            index: index,
            rules: CompiledTokenRules(rules),
            conditions: CompiledConditions([.role("admin")]),
            rulesGeneration: generation,
            standing: KeyStanding(keys: keys ?? self.keys, source: .current)
        )
    }

    /// A tenant that has its opaque tokens looked up.
    func opaqueTenant(
        rules: TokenRules = rules(),
        generation: UInt64 = 1,
        url: String = "https://idp/introspect",
        cacheSecondsMax: Int64 = 60
    ) -> TenantIdentity {
        TenantIdentity(
            index: 0,
            rules: CompiledTokenRules(rules),
            conditions: CompiledConditions([.role("admin")]),
            rulesGeneration: generation,
            introspection: Configuration.Introspection(
                url: url,
                clientID: "gate:way",
                secret: "h u+s/h",
                caPath: "/ca.pem",
                cacheSecondsMax: cacheSecondsMax,
                position: SourcePosition(file: 0, line: 1, column: 1)
            ),
            standing: KeyStanding(keys: keys, source: .current)
        )
    }

    static func claims(_ more: String = "", exp: Int64 = now + 600) -> String {
        """
        {"iss":"https://idp/","aud":"https://acme","exp":\(exp),"iat":\(now),"sub":"s",\
        "roles":["admin"]\(more)}
        """
    }

    func token(_ claims: String = claims(), header: String = "{}") throws -> [UInt8] {
        Array(try signer.sign(claims: claims, header: header).utf8)
    }
}

extension IdentityScene {
    /// What base64url text stands for.
    static func decode(_ text: String) -> [UInt8]? { Base64URL.decode(Array(text.utf8).span) }
}

extension TokenValidator {
    /// The refusal of a token, `nil` when it is valid.
    mutating func refusal(
        _ token: [UInt8],
        _ tenant: TenantIdentity,
        now: Int64 = IdentityScene.now
    ) -> TokenRefusal? {
        switch validate(token.span, tenant: tenant, now: now) {
        case .valid, .opaque: nil
        case .refused(let refusal), .wantsKeys(let refusal): refusal
        }
    }
}
