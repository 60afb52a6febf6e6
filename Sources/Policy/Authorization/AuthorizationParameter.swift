/// The parameters of an authorization request that are looked at.
///
/// RFC 6749 section 4.1.1, RFC 7636 section 4.3, RFC 9101 section 5, RFC 9126 section 4, RFC 9396
/// section 2, RFC 8707 section 2.
public enum AuthorizationParameter: String, CaseIterable, Hashable, Sendable {
    case clientID = "client_id"
    case requestURI = "request_uri"
    case request
    case redirectURI = "redirect_uri"
    case responseType = "response_type"
    case codeChallengeMethod = "code_challenge_method"
    case codeChallenge = "code_challenge"
    case scope
    case authorizationDetails = "authorization_details"
    case state

    /// The only one that may stand several times.
    case resource
}

extension AuthorizationParameter {
    /// Whether some reader takes two names for the same: capitals for small letters, and `.`, `-`
    /// or a space for `_`.
    static func areAlike(
        _ one: some Collection<UInt8>,
        _ other: some Collection<UInt8>
    ) -> Bool {
        one.count == other.count && zip(one, other).allSatisfy { folded($0) == folded($1) }
    }

    /// Whether `name` is made of the characters of RFC 6749 section 8.2.
    static func isName(_ name: ArraySlice<UInt8>) -> Bool {
        !name.isEmpty
            && name.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "-._".utf8.contains(byte)
                }
            }
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x41...0x5A: byte | 0x20
        case UInt8(ascii: "."), UInt8(ascii: "-"): UInt8(ascii: "_")
        default: byte
        }
    }
}
