/// A tenant of the demonstration with an identity provider of its own.
struct DemoTenant: Sendable {
    let name: String

    /// The private key that its identity provider signs with, PEM.
    let keyPEM: String

    /// The key set that its identity provider publishes, RFC 7517.
    let keySet: String

    /// Its host; every name under `localhost` is the loopback address, RFC 6761.
    var host: String { name + ".localhost" }

    var issuer: String { "https://idp.\(host)/" }

    private let signer: TokenSigner

    /// Makes a tenant with a fresh key.
    init(name: String) throws(DemoFailure) {
        self.name = name
        do throws(KeyFailure) {
            let key = try SigningKey.generate(.curve(.p256), keyID: name + "-1")
            keyPEM = try key.privatePEM()
            keySet = "{\"keys\":[\(try key.publicJWK())]}\n"
            signer = TokenSigner(key)
        } catch {
            throw .cryptography("\(error)")
        }
    }

    /// The origin that its clients use, which is also the audience of their tokens.
    func origin(port: UInt16) -> String { "https://\(host):\(port)" }

    /// A token of its identity provider for a client with one role, good for twelve hours.
    func token(role: String, port: UInt16, now: Int64) throws(DemoFailure) -> String {
        let claims = JSONText.object([
            ("iss", .string(issuer)), ("aud", .string(origin(port: port))),
            ("sub", .string("demo-\(role)@clients")), ("azp", .string("demo-\(role)")),
            ("roles", .array([.string(role)])), ("iat", .number(now)),
            ("exp", .number(now + 12 * 3_600)),
        ])
        do throws(KeyFailure) {
            return try signer.sign(claims: claims.text)
        } catch {
            throw .cryptography("\(error)")
        }
    }
}
