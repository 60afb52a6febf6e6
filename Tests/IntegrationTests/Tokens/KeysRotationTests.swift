import Foundation
import Testing

/// An identity provider that changes its keys.
@Suite("Key rotation")
struct KeysRotationTests {
    @Test func `a new key works with the first request that names it, and fifty share one fetch`()
        throws
    {
        let server = try KeyServer.secure()
        let (old, new) = try (
            SigningKey(.p256, identifier: "old"), SigningKey(.rsa, identifier: "new")
        )
        try server.publish([old])
        let scene = try GatewayScene.fetchingKeys(from: server)
        defer { scene.end() }
        try scene.start()
        #expect(try scene.answer(to: old).status == 200)
        #expect(try server.count() == 1)
        try server.publish([old, new], held: true)
        let conversations = try (0..<50).map { _ in try scene.connect() }
        for (number, conversation) in conversations.enumerated() {
            let token = try TokenOrder(key: new, algorithm: "RS256")
                .with(claim: "jti", .string("\(number)")).signed()
            try conversation.send(Request("GET", "/guarded/x").bearing(token))
        }
        try server.wait(for: 2)
        // Others do not wait for it.
        #expect(try scene.answer(to: old).status == 200)
        try server.publish([old, new])
        for conversation in conversations {
            #expect(try conversation.response().status == 200)
            conversation.close()
        }
        #expect(try server.count() == 2)
    }

    @Test func `a removed key stops at the refresh that removes it, remembered tokens too`() throws
    {
        let server = try KeyServer.plain()
        let keys = try ["a", "b", "c"].map { try SigningKey(.p256, identifier: $0) }
        try server.publish([keys[0], keys[1]])
        let scene = try GatewayScene.fetchingKeys(from: server) { $0.topLevel = ["workers 1"] }
        defer { scene.end() }
        try scene.start()
        let request = Request("GET", "/guarded/x").bearing(try TokenOrder(key: keys[0]).signed())
        for _ in 0..<2 { #expect(try scene.exchange(request).status == 200) }
        #expect(try scene.metric("postern_token_cache_hits_total") ?? 0 >= 1)
        try server.publish([keys[1]])
        // A key that nobody has published causes the refresh.
        #expect(try scene.answer(to: keys[2]).code == "token-key-unknown")
        #expect(try server.count() == 2)
        #expect(try scene.exchange(request).code == "token-key-unknown")
        #expect(try scene.answer(to: keys[1]).status == 200)
    }

    @Test func `with a grace it goes on that much longer`() throws {
        let server = try KeyServer.plain()
        let keys = try ["a", "b", "c"].map { try SigningKey(.p256, identifier: $0) }
        try server.publish([keys[0], keys[1]])
        let scene = try GatewayScene.fetchingKeys(from: server, ["keys-grace 4s"])
        defer { scene.end() }
        try scene.start()
        #expect(try scene.answer(to: keys[0]).status == 200)
        try server.publish([keys[1]])
        #expect(try scene.answer(to: keys[2]).code == "token-key-unknown")
        #expect(try scene.answer(to: keys[0]).status == 200)
        #expect(try scene.answer(to: keys[0], until: 401).code == "token-key-unknown")
        #expect(try scene.answer(to: keys[1]).status == 200)
    }

    @Test func `a file is read again when it changes`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let key = try SigningKey(.p256, identifier: "later")
        #expect(try scene.answer(to: key).code == "token-key-unknown")
        let published: JSON = ["keys": .array([try key.publicKey()])]
        try scene.folder.write("keys.json", published.text)
        #expect(try scene.answer(to: key, until: 200).status == 200)
        // What cannot be read changes nothing.
        try scene.folder.write("keys.json", "{")
        let keys = try scene.keys { $0["lastError"]?.string != nil }
        #expect(keys?["reason"]?.string == "not-json")
        #expect(try scene.answer(to: key, number: 1).status == 200)
    }

    @Test func `a reload asks again, and a request that waits for keys meanwhile is not lost`()
        throws
    {
        let server = try KeyServer.plain()
        let (old, new) = try (
            SigningKey(.p256, identifier: "a"), SigningKey(.p256, identifier: "b")
        )
        try server.publish([old])
        let scene = try GatewayScene.fetchingKeys(from: server)
        defer { scene.end() }
        try scene.start()
        #expect(try scene.answer(to: old).status == 200)
        try server.publish([old, new], held: true)
        let conversation = try scene.connect()
        defer { conversation.close() }
        let token = try TokenOrder(key: new).signed()
        try conversation.send(Request("GET", "/guarded/x").bearing(token))
        try server.wait(for: 2)
        #expect(try scene.admin("POST", "/reload").status == 200)
        try server.wait(for: 3)
        try server.publish([old, new])
        #expect(try conversation.response().status == 200)
    }
}
