/// The claims that have a meaning here, of access tokens and of proofs of possession.
enum KnownClaim: Int, CaseIterable {
    // RFC 7519 section 4.1, RFC 7800, RFC 8693, OpenID Connect Core section 2.
    case issuer, subject, audience, expiry, notBefore, issuedAt, identifier
    case confirmation, clientID, authorizedParty, scope, scopes

    // Only ID tokens, proofs of possession and security events have these: OpenID Connect Core
    // sections 2 and 3.3.2.11, FAPI part 2 section 5.1, RFC 9449 section 4.2, RFC 8417 section 2.2.
    case nonce, accessTokenHash, codeHash, stateHash, method, target, events

    // RFC 9449 section 4.2.
    case tokenHash

    // Only credentials, presentations of them and entity statements have these: VC Data Model 1.1
    // section 6.3, SD-JWT sections 4.1 and 4.3, SD-JWT VC section 2.2, OpenID Federation section 3.
    case credential, presentation, credentialType, disclosures, disclosureHash, keySet

    // Only answers about tokens have it, RFC 9701 section 5.
    case introspection

    // What kind of token it is, as RFC 6749 section 5.1, Keycloak and Cognito say.
    case tokenType, kind, tokenUse

    /// The name of the claim.
    var name: StaticString {
        switch self {
        case .issuer: "iss"
        case .subject: "sub"
        case .audience: "aud"
        case .expiry: "exp"
        case .notBefore: "nbf"
        case .issuedAt: "iat"
        case .identifier: "jti"
        case .confirmation: "cnf"
        case .clientID: "client_id"
        case .authorizedParty: "azp"
        case .scope: "scope"
        case .scopes: "scp"
        case .nonce: "nonce"
        case .accessTokenHash: "at_hash"
        case .codeHash: "c_hash"
        case .stateHash: "s_hash"
        case .method: "htm"
        case .target: "htu"
        case .events: "events"
        case .tokenHash: "ath"
        case .credential: "vc"
        case .presentation: "vp"
        case .credentialType: "vct"
        case .disclosures: "_sd"
        case .disclosureHash: "sd_hash"
        case .keySet: "jwks"
        case .introspection: "token_introspection"
        case .tokenType: "token_type"
        case .kind: "typ"
        case .tokenUse: "token_use"
        }
    }

    /// The claim of the name `node`, or `nil`.
    @inline(__always)
    init?(_ node: JSONNode, in document: JSONDocument) {
        let letters = document.threeLetters(node)
        guard letters == 0 else {
            guard let found = Self.named(letters) else { return nil }
            self = found
            return
        }
        switch true {
        case document.equals(node, "scope"): self = .scope
        case document.equals(node, "client_id"): self = .clientID
        case document.equals(node, "nonce"): self = .nonce
        case document.equals(node, "at_hash"): self = .accessTokenHash
        case document.equals(node, "c_hash"): self = .codeHash
        case document.equals(node, "s_hash"): self = .stateHash
        case document.equals(node, "events"): self = .events
        case document.equals(node, "vc"): self = .credential
        case document.equals(node, "vp"): self = .presentation
        case document.equals(node, "sd_hash"): self = .disclosureHash
        case document.equals(node, "jwks"): self = .keySet
        case document.equals(node, "token_introspection"): self = .introspection
        case document.equals(node, "token_type"): self = .tokenType
        case document.equals(node, "token_use"): self = .tokenUse
        default: return nil
        }
    }

    @inline(__always)
    private static func named(_ letters: UInt32) -> KnownClaim? {
        switch letters {
        case JSONDocument.letters("iss"): .issuer
        case JSONDocument.letters("sub"): .subject
        case JSONDocument.letters("aud"): .audience
        case JSONDocument.letters("exp"): .expiry
        case JSONDocument.letters("nbf"): .notBefore
        case JSONDocument.letters("iat"): .issuedAt
        case JSONDocument.letters("jti"): .identifier
        case JSONDocument.letters("cnf"): .confirmation
        case JSONDocument.letters("azp"): .authorizedParty
        case JSONDocument.letters("scp"): .scopes
        case JSONDocument.letters("htm"): .method
        case JSONDocument.letters("htu"): .target
        case JSONDocument.letters("ath"): .tokenHash
        case JSONDocument.letters("typ"): .kind
        case JSONDocument.letters("vct"): .credentialType
        case JSONDocument.letters("_sd"): .disclosures
        default: nil
        }
    }
}
