import Foundation

/// A token to be made: everything right until a test makes something wrong.
struct TokenOrder: Sendable {
    var key: SigningKey
    var algorithm: String
    var header: [String: JSON]
    var claims: [String: JSON]

    /// Members written as they are in front of the others, for duplicates.
    var rawClaims = ""

    init(
        roles: [JSON] = ["admin"],
        key: SigningKey? = nil,
        algorithm: String = "ES256",
        issuer: String = "https://idp.test/",
        audience: JSON = "https://acme.test"
    ) throws {
        let signer = try key ?? IdentityProvider.shared().key(for: algorithm)
        let now = Int(Date().timeIntervalSince1970)
        self.key = signer
        self.algorithm = algorithm
        header = ["alg": .string(algorithm), "kid": .string(signer.identifier), "typ": "at+jwt"]
        claims = [
            "iss": .string(issuer), "aud": audience, "sub": "subject-1", "azp": "client-1",
            "iat": .number(Double(now)), "exp": .number(Double(now + 600)),
            "roles": .array(roles),
        ]
    }

    func with(claim name: String, _ value: JSON?) -> TokenOrder {
        var copy = self
        copy.claims[name] = value
        return copy
    }

    func with(header name: String, _ value: JSON?) -> TokenOrder {
        var copy = self
        copy.header[name] = value
        return copy
    }

    /// Puts a time claim so many seconds from now.
    func with(time name: String, _ seconds: Int) -> TokenOrder {
        with(claim: name, .number(Double(Int(Date().timeIntervalSince1970) + seconds)))
    }

    /// The part that is signed.
    var signingInput: String {
        var payload = JSON.object(claims).text
        if !rawClaims.isEmpty { payload = "{" + rawClaims + "," + payload.dropFirst() }
        return Base64URL.encode(JSON.object(header).text.utf8) + "."
            + Base64URL.encode(payload.utf8)
    }

    /// The compact serialisation.
    func signed() throws -> String {
        let input = signingInput
        let signature = try key.sign(Array(input.utf8), algorithm: algorithm)
        let token = input + "." + Base64URL.encode(signature)
        PlantedSecrets.remember(token: token)
        return token
    }
}
