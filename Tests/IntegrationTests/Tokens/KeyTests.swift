import Testing

/// Many keys, one loop: which key a token was signed with is never mistaken.
@Suite("Keys")
struct KeyTests {
    @Test func `every key verifies its own tokens and no other's, in any order`() throws {
        let scene = try GatewayScene(.with { $0.topLevel = ["workers 1", "drain 3s"] })
        defer { scene.end() }
        let kinds: [(SigningKey.Kind, String)] = [
            (.p256, "ES256"), (.p256, "ES256"), (.rsa, "RS256"), (.rsa, "PS256"),
            (.ed25519, "EdDSA"), (.p384, "ES384"), (.ed25519, "EdDSA"),
        ]
        let keys = try kinds.enumerated().map { index, kind in
            (try SigningKey(kind.0, identifier: "key-\(index)"), kind.1)
        }
        let published: JSON = ["keys": .array(try keys.map { try $0.0.publicKey() })]
        try scene.folder.write("keys.json", published.text)
        try scene.start()
        let conversation = try scene.connect()
        defer { conversation.close() }
        func status(_ order: TokenOrder) throws -> Int {
            let request = Request("GET", "/guarded/x").bearing(try order.signed())
            return try conversation.exchange(request).status
        }
        for round in 0..<3 {
            for (key, algorithm) in keys {
                // Its own identifier makes every token one that was never seen.
                let order = try TokenOrder(key: key, algorithm: algorithm)
                    .with(claim: "jti", .string("\(key.identifier)-\(round)"))
                #expect(try status(order) == 200, "\(key.identifier)")
                for (other, _) in keys where other.identifier != key.identifier {
                    let forged = order.with(header: "kid", .string(other.identifier))
                    #expect(try status(forged) == 401, "\(key.identifier) as \(other.identifier)")
                }
            }
        }
    }

    @Test func `two tenants with the same key identifiers never take each other's tokens`() throws {
        let scene = try GatewayScene(
            .with { settings in
                settings.topLevel = ["workers 1", "drain 3s"]
                settings.beta?.tokens = [
                    "issuer https://idp.test/", "audience https://acme.test",
                    "keys file:beta.json", "roles claim roles",
                ]
            }
        )
        defer { scene.end() }
        let own = try SigningKey(.p256, identifier: "ec-1")
        let published: JSON = ["keys": .array([try own.publicKey()])]
        try scene.folder.write("beta.json", published.text)
        try scene.start()
        let conversation = try scene.connect()
        defer { conversation.close() }
        for _ in 0..<3 {
            for (host, key) in [("acme.test", nil), ("beta.test", own)] {
                let token = try TokenOrder(key: key).signed()
                for asked in ["acme.test", "beta.test"] {
                    let request = Request("GET", "/guarded/x", host: asked).bearing(token)
                    let status = try conversation.exchange(request).status
                    #expect(status == (asked == host ? 200 : 401), "\(host)'s token at \(asked)")
                }
            }
        }
    }

    @Test func `a key that keeps its identifier but changes is another key`() throws {
        let scene = try GatewayScene(.with { $0.topLevel = ["workers 1", "drain 3s"] })
        defer { scene.end() }
        let old = try TokenOrder().signed()
        try scene.start()
        let conversation = try scene.connect()
        defer { conversation.close() }
        func status(_ token: String) throws -> Int {
            try conversation.exchange(Request("GET", "/guarded/x").bearing(token)).status
        }
        #expect(try status(old) == 200)
        let replacement = try SigningKey(.p256, identifier: "ec-1")
        let published: JSON = ["keys": .array([try replacement.publicKey()])]
        try scene.folder.write("keys.json", published.text)
        #expect(try scene.admin("POST", "/reload").status == 200)
        #expect(try status(old) == 401)
        #expect(try status(try TokenOrder(key: replacement).signed()) == 200)
        #expect(try status(try TokenOrder().with(claim: "jti", "new").signed()) == 401)
    }
}
