/// Names whose values no event ever holds, wherever they stand: no policy can capture them, and they
/// are left out of objects that are captured.
///
/// RFC 6749, 6750, 7521, 7636, 9101, 9126, 9449, OpenID Connect, OpenID4VCI 1.0 and its drafts, the
/// issuer API: tokens, codes, transaction codes, verifiers, proofs, secrets, and whatever carries one
/// of them, as an offer and its URI do.
enum SecretNames {
    /// The names, small letters and digits only: `pre-authorized_code` is `preauthorizedcode`.
    static let all: [StaticString] = [
        "accesstoken", "refreshtoken", "idtoken", "token", "subjecttoken", "actortoken", "vptoken",
        "idtokenhint", "jwt", "assertion", "clientassertion", "request", "requestobject",
        "response", "proof", "proofs", "dpop", "oauthclientattestation",
        "oauthclientattestationpop",
        "code", "codes", "authorizationcode", "preauthorizedcode", "devicecode", "usercode",
        "authreqid",
        "txcode", "transactioncode", "userpin", "pin", "otp", "codeverifier", "cnonce",
        "uri", "offer", "credentialoffer", "credentialofferuri", "credential",
        "authorization", "proxyauthorization", "cookie", "setcookie", "apikey", "xapikey",
        "privatekey", "secret", "clientsecret", "password", "passwd", "pwd", "passphrase",
        "passcode",
    ]

    /// What a name ends with that is a secret whatever stands before.
    static let endings: [StaticString] = [
        "token", "tokens", "secret", "secrets", "password", "passwords", "passphrase", "cookie",
        "cookies", "apikey", "privatekey", "secretkey", "offeruri",
    ]

    /// Whether `name` is one of them, whatever the case, with or without `-`, `_` and the like.
    static func contain(_ name: Span<UInt8>) -> Bool {
        for known in all where matches(name, known, isWhole: true) { return true }
        for ending in endings where matches(name, ending, isWhole: false) { return true }
        return false
    }

    /// Compares letters and digits from the end.
    private static func matches(_ name: Span<UInt8>, _ known: StaticString, isWhole: Bool) -> Bool {
        var left = known.utf8CodeUnitCount
        var index = name.count
        while index > 0 {
            index -= 1
            guard let byte = folded(name[index]) else { continue }
            if left == 0 { return !isWhole }
            left -= 1
            guard unsafe byte == known.utf8Start[left] else { return false }
        }
        return left == 0
    }

    /// A letter in its small form, a digit, or a byte beyond ASCII; `nil` for what does not count.
    private static func folded(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte + 0x20
        case 0x61...0x7A, 0x30...0x39, 0x80...: byte
        default: nil
        }
    }
}
