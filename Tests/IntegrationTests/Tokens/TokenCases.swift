import COpenSSL
import Foundation

/// Tokens that the first tenant of the standard scene must refuse, and how.
enum TokenCases {
    typealias Case = TokenTests.Case

    static let all = malformed + header + keys + signatures + claims

    private static let malformed: [Case] = [
        Case("a word", "token-malformed") { "nonsense" },
        Case("two segments", "token-malformed") { try valid().split(".").prefix(2).joined(".") },
        Case("four segments", "token-malformed") { try valid() + ".AAAA" },
        Case("five segments", "token-malformed") { try valid() + ".AAAA.AAAA" },
        Case("only dots", "token-malformed") { ".." },
        Case("no header", "token-malformed") { "." + (try valid().split(".")[1...].joined(".")) },
        Case("padding", "token-malformed") { try valid() + "=" },
        Case("no payload", "token-malformed") {
            let parts = try valid().split(".")
            return parts[0] + ".." + parts[2]
        },
        Case("a payload that is no JSON", "token-malformed") { try signed(payload: "nonsense") },
        Case("a payload that is a list", "token-malformed") { try signed(payload: "[]") },
        Case("a payload with something after it", "token-malformed") {
            try signed(payload: JSON.object(TokenOrder().claims).text + "x")
        },
        Case("a header that is no JSON", "token-malformed") {
            let parts = try valid().split(".")
            return Base64URL.encode("nonsense".utf8) + "." + parts[1] + "." + parts[2]
        },
        Case("a claim twice", "token-malformed") {
            var order = try TokenOrder()
            order.rawClaims = "\"roles\":[\"auditor\"]"
            return try order.signed()
        },
        Case("a payload that is not UTF-8", "token-malformed") {
            let order = try TokenOrder()
            let input =
                order.signingInput.split(".")[0] + "." + Base64URL.encode([0x7B, 0xFF, 0x7D])
            return try finish(order, input)
        },
        Case("an expiry in words", "token-malformed", "token-expired") {
            $0.with(claim: "exp", "tomorrow")
        },
    ]

    private static let header: [Case] = [
        Case("alg none", "token-algorithm") { try unsigned("none") },
        Case("alg None", "token-algorithm") { try unsigned("None") },
        Case("alg HS256 with the public key", "token-algorithm") { try confused() },
        Case("no alg", "token-algorithm", "token-malformed") { $0.with(header: "alg", nil) },
        Case("alg is a number", "token-algorithm", "token-malformed") { $0.with(header: "alg", 7) },
        Case("alg in lower case", "token-algorithm") { $0.with(header: "alg", "es256") },
        Case("a proof of possession", "token-type") { $0.with(header: "typ", "dpop+jwt") },
        Case("a proof for an issuer", "token-type") {
            $0.with(header: "typ", "openid4vci-proof+jwt")
        },
        Case("a logout token", "token-type") { $0.with(header: "typ", "logout+jwt") },
        Case("an unknown crit", "token-malformed", "token-type") {
            $0.with(header: "crit", ["x"]).with(header: "x", true)
        },
        Case("an unencoded payload", "token-malformed", "token-type") {
            $0.with(header: "crit", ["b64"]).with(header: "b64", false)
        },
    ]

    private static let keys: [Case] = [
        Case("an unknown kid", "token-key-unknown") { $0.with(header: "kid", "nobody") },
        Case("a hostile kid", "token-key-unknown") {
            $0.with(header: "kid", "../../etc/passwd\0' OR 1=1")
        },
        Case("another key under a known kid", "token-signature") { _ in
            try TokenOrder(key: IdentityProvider.shared().stranger)
        },
        Case("a key in the header", "token-signature", "token-key-unknown", "token-malformed") {
            _ in
            let stranger = try IdentityProvider.shared().stranger
            return try TokenOrder(key: stranger).with(header: "jwk", stranger.publicKey())
                .with(header: "kid", nil)
        },
        Case("an address of keys in the header", "token-signature", "token-malformed") { _ in
            try TokenOrder(key: IdentityProvider.shared().stranger)
                .with(header: "jku", "https://evil.test/jwks.json")
        },
        Case(
            "an algorithm that is not the key's",
            "token-algorithm",
            "token-signature",
            "token-key-unknown"
        ) { $0.with(header: "alg", "RS256") },
    ]

    private static let signatures: [Case] = [
        Case("no signature", "token-signature", "token-malformed") {
            try valid().split(".").prefix(2).joined(".") + "."
        },
        Case("a changed payload", "token-signature") {
            let parts = try valid().split(".")
            let payload = JSON.object(try TokenOrder(roles: ["root"]).claims).text
            return parts[0] + "." + Base64URL.encode(payload.utf8) + "." + parts[2]
        },
        Case("a signature of zeros", "token-signature") {
            try zero(count: 64)
        },
        Case("a signature too short", "token-signature") { try zero(count: 63) },
        Case("a signature too long", "token-signature") { try zero(count: 65) },
        Case("a signature in DER", "token-signature") {
            let order = try TokenOrder()
            let der: [UInt8] = [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]
            return order.signingInput + "." + Base64URL.encode(der)
        },
    ]

    private static let claims: [Case] = [
        Case("expired", "token-expired") { $0.with(time: "exp", -60).with(time: "iat", -600) },
        Case("no expiry", "token-expired", "token-lifetime", "token-malformed") {
            $0.with(claim: "exp", nil)
        },
        Case("not yet valid", "token-not-yet-valid") { $0.with(time: "nbf", 120) },
        Case("issued in the future", "token-not-yet-valid", "token-lifetime") {
            $0.with(time: "iat", 300)
        },
        Case("two days long", "token-lifetime") { $0.with(time: "exp", 172_800) },
        Case("two days long, without iat", "token-lifetime") {
            $0.with(time: "exp", 172_800).with(claim: "iat", nil)
        },
        Case("another issuer", "token-issuer") { $0.with(claim: "iss", "https://other.test/") },
        Case("an issuer without its slash", "token-issuer") {
            $0.with(claim: "iss", "https://idp.test")
        },
        Case("no issuer", "token-issuer", "token-malformed") { $0.with(claim: "iss", nil) },
        Case("another audience", "token-audience") { $0.with(claim: "aud", "https://beta.test") },
        Case("an audience that only starts the same", "token-audience") {
            $0.with(claim: "aud", "https://acme.test.evil.test")
        },
        Case("an empty list of audiences", "token-audience") { $0.with(claim: "aud", []) },
        Case("no audience", "token-audience", "token-malformed") { $0.with(claim: "aud", nil) },
        Case("bound to a proof", "token-binding") { $0.with(claim: "cnf", ["jkt": "abc"]) },
        Case("bound to a certificate", "token-binding") {
            $0.with(claim: "cnf", ["x5t#S256": "abc"])
        },
        Case("bound to something unknown", "token-binding") { $0.with(claim: "cnf", ["x": "y"]) },
    ]

    private static func valid() throws -> String { try TokenOrder().signed() }

    private static func finish(_ order: TokenOrder, _ input: String) throws -> String {
        let signature = try order.key.sign(Array(input.utf8), algorithm: order.algorithm)
        return input + "." + Base64URL.encode(signature)
    }

    private static func signed(payload: String) throws -> String {
        let order = try TokenOrder()
        let header = Base64URL.encode(JSON.object(order.header).text.utf8)
        return try finish(order, header + "." + Base64URL.encode(payload.utf8))
    }

    private static func unsigned(_ name: String) throws -> String {
        try TokenOrder().with(header: "alg", .string(name)).signingInput + "."
    }

    private static func zero(count: Int) throws -> String {
        try TokenOrder().signingInput + "."
            + Base64URL.encode([UInt8](repeating: 0, count: count))
    }

    /// RFC 8725 section 2.1: the public key taken for a shared secret.
    private static func confused() throws -> String {
        let key = try IdentityProvider.shared().rsa
        let order = try TokenOrder(key: key, algorithm: "RS256").with(header: "alg", "HS256")
        let input = Array(order.signingInput.utf8)
        let secret = Array(try key.publicKey().text.utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe HMAC(EVP_sha256(), secret, Int32(secret.count), input, input.count, &digest, nil)
        return order.signingInput + "." + Base64URL.encode(digest)
    }
}

extension String {
    fileprivate func split(_ separator: Character) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}

extension Sequence where Element == String {
    fileprivate func joined(_ separator: String) -> String { joined(separator: separator) }
}
