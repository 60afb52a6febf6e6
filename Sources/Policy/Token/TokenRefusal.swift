/// Why a token is not accepted.
///
/// The code says which check failed, which is what its owner needs to put it right; it never says
/// how far a forger came: the signature is checked before any claim is looked at.
public enum TokenRefusal: Error, Hashable, Sendable, CaseIterable {
    /// It is not a compact JWS with a JSON header and JSON claims of the right types.
    case malformed

    /// It is another kind of JWT than an access token.
    case type

    /// Its algorithm is not accepted, or not the one of its key.
    case algorithm

    /// No key of the tenant's key set is the one it names.
    case keyUnknown

    /// The signature does not verify.
    case signature

    /// `exp` has passed.
    case expired

    /// `nbf` or `iat` is in the future.
    case notYetValid

    /// It lives longer than the tenant allows.
    case lifetime

    /// Another issuer made it.
    case issuer

    /// It is for somebody else.
    case audience

    /// It belongs to another tenant.
    case tenant

    /// It is bound to a key whose possession was not shown.
    case binding

    /// The proof of possession that came with it is not one, RFC 9449 section 4.3.
    case proof

    /// The proof lacks a nonce that was given of late, RFC 9449 section 9.
    case proofNonce

    /// So many proofs were used of late that no more can be told from repeated ones.
    case proofsUnavailable

    /// It was revoked, or its subject or its client was.
    case revoked

    /// The authorization server says that it is not active, RFC 7662 section 2.2.
    case inactive

    /// The authorization server cannot be asked about it at present.
    case introspectionUnavailable

    /// The tenant's keys have never been fetched, or too long ago.
    case keysUnavailable
}

extension TokenRefusal {
    /// The code of the answer and of the event.
    public var code: StaticString {
        switch self {
        case .malformed: "token-malformed"
        case .type: "token-type"
        case .algorithm: "token-algorithm"
        case .keyUnknown: "token-key-unknown"
        case .signature: "token-signature"
        case .expired: "token-expired"
        case .notYetValid: "token-not-yet-valid"
        case .lifetime: "token-lifetime"
        case .issuer: "token-issuer"
        case .audience: "token-audience"
        case .tenant: "token-tenant"
        case .binding: "token-binding"
        case .proof, .proofNonce: "token-binding"
        case .proofsUnavailable: "proofs-unavailable"
        case .revoked: "token-revoked"
        case .inactive: "token-inactive"
        case .introspectionUnavailable: "introspection-unavailable"
        case .keysUnavailable: "keys-unavailable"
        }
    }

    /// A sentence for people, of characters that RFC 6750 allows in `error_description`.
    public var message: StaticString {
        switch self {
        case .malformed: "the token is not a well-formed signed JWT"
        case .type: "the token is not an access token"
        case .algorithm: "the token is signed with an algorithm that is not accepted"
        case .keyUnknown: "the token is signed with an unknown key"
        case .signature: "the signature of the token does not verify"
        case .expired: "the token has expired"
        case .notYetValid: "the token is not valid yet"
        case .lifetime: "the token is valid for too long"
        case .issuer: "the token is from another issuer"
        case .audience: "the token is for another audience"
        case .tenant: "the token belongs to another tenant"
        case .binding: "the token is bound to a key that was not proven"
        case .proof: "the proof of possession is not valid for this request"
        case .proofNonce: "the proof of possession needs the nonce in DPoP-Nonce"
        case .proofsUnavailable: "no more proofs of possession can be taken at present"
        case .revoked: "the token has been revoked"
        case .inactive: "the token is not active"
        case .introspectionUnavailable: "the token cannot be looked up at present"
        case .keysUnavailable: "the keys to check the token with are not available"
        }
    }

    /// 503 when the fault is ours, else 401.
    public var status: Int {
        switch self {
        case .keysUnavailable, .introspectionUnavailable, .proofsUnavailable: 503
        default: 401
        }
    }

    /// The `error` of RFC 6750 section 3.1 and RFC 9449 section 7.1.
    public var oauthError: StaticString {
        switch self {
        case .proof: "invalid_dpop_proof"
        case .proofNonce: "use_dpop_nonce"
        case .keysUnavailable, .introspectionUnavailable, .proofsUnavailable:
            "temporarily_unavailable"
        default: "invalid_token"
        }
    }
}
