/// Names of parameters and members whose values are never repeated in an answer.
///
/// RFC 6749, OpenID4VCI 1.0 and the issuer API: tokens, codes, transaction codes, verifiers, client
/// secrets, and the offer's URI, which carries a code.
enum SensitiveNames {
    static let all: [StaticString] = [
        "access_token", "refresh_token", "id_token", "token", "subject_token", "actor_token",
        "code", "pre-authorized_code", "tx_code", "transactionCode", "user_pin", "pin",
        "code_verifier", "client_secret", "client_assertion", "assertion", "password", "secret",
        "credential_offer", "uri", "request", "state", "nonce", "login_hint", "id_token_hint",
    ]

    /// Whether `name` is one of them.
    static func contain(_ name: Span<UInt8>) -> Bool {
        for known in all where name.isEqual(to: known) { return true }
        return false
    }
}
