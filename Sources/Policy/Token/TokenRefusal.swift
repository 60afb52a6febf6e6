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
        case .keysUnavailable: "the keys to check the token with are not available"
        }
    }

    /// 503 when the fault is ours, else 401.
    public var status: Int { self == .keysUnavailable ? 503 : 401 }
}
