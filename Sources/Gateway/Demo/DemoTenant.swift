import Policy

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

    /// What the identity provider's key is called.
    var keyID: String { name + "-1" }

    /// Makes a tenant with a fresh key.
    init(name: String) throws(DemoFailure) {
        self.name = name
        do throws(TLSFailure) {
            let key = try FreshKey()
            let point = try key.publicPoint()
            keyPEM = try key.privatePEM()
            keySet = Self.keySet(keyID: name + "-1", x: point.x, y: point.y)
        } catch {
            throw .cryptography("\(error)")
        }
    }

    /// The origin that its clients use, which is also the audience of their tokens.
    func origin(port: UInt16) -> String { "https://\(host):\(port)" }

    /// The claims of a token for `role`, without times.
    func claims(role: String, port: UInt16) -> String {
        JSONText.object([
            ("iss", .string(issuer)), ("aud", .string(origin(port: port))),
            ("sub", .string("demo-\(role)@clients")), ("azp", .string("demo-\(role)")),
            ("roles", .array([.string(role)])),
        ]).text
    }

    private static func keySet(keyID: String, x: [UInt8], y: [UInt8]) -> String {
        let key = JSONText.object([
            ("kty", .string("EC")), ("crv", .string("P-256")), ("use", .string("sig")),
            ("alg", .string("ES256")), ("kid", .string(keyID)),
            ("x", .string(Base64URL.encode(x))), ("y", .string(Base64URL.encode(y))),
        ])
        return JSONText.object([("keys", .array([key]))]).text + "\n"
    }
}
