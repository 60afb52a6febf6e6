import Foundation
import Testing

/// Tokens that name keys nobody has, and tenants whose keys nobody has.
@Suite("Key floods")
struct KeysFloodTests {
    @Test func `thousands of unknown keys cause one fetch, and known ones go on`() throws {
        let server = try KeyServer.plain()
        let (known, stranger) = try (
            SigningKey(.p256, identifier: "a"), SigningKey(.p256, identifier: "b")
        )
        try server.publish([known])
        let scene = try GatewayScene.fetchingKeys(from: server)
        defer { scene.end() }
        try scene.start()
        let began = ContinuousClock.now
        #expect(try scene.answer(to: known).status == 200)
        let order = try TokenOrder(key: stranger)
        let parts = try order.signed().split(separator: ".")
        let conversations = try (0..<8).map { _ in try scene.connect() }
        defer { for conversation in conversations { conversation.close() } }
        for round in 0..<500 {
            for (index, conversation) in conversations.enumerated() {
                let header = order.with(header: "kid", .string("k\(round)-\(index)")).header
                let name = Base64URL.encode(JSON.object(header).text.utf8)
                let token = "\(name).\(parts[1]).\(parts[2])"
                try conversation.send(Request("GET", "/guarded/x").bearing(token))
            }
            for conversation in conversations {
                #expect(try conversation.response().code == "token-key-unknown")
            }
        }
        #expect(try scene.answer(to: known, number: 1).status == 200)
        let seconds = Int((ContinuousClock.now - began).components.seconds)
        #expect(try server.count() <= 2 + seconds / 30)
    }

    @Test func `a thousand tenants with dead servers touch no other`() throws {
        let server = try KeyServer.plain()
        let (old, new) = try (
            SigningKey(.p256, identifier: "a"), SigningKey(.p256, identifier: "b")
        )
        try server.publish([old])
        try server.serve("*", ["held": true])
        let away = try FreePort.next()
        let scene = try GatewayScene.fetchingKeys(from: server) { settings in
            for number in 0..<1_000 {
                var tenant = TenantSettings(name: "dead-\(number)")
                let place = number % 2 == 0 ? server.origin : "http://127.0.0.1:\(away)"
                tenant.tokens[2] = "keys \(place)/\(number)"
                settings.extra += tenant.text
            }
        }
        defer { scene.end() }
        try scene.start(seconds: 60)
        #expect(try scene.answer(to: old).status == 200)
        #expect(try scene.answer(to: old, tenant: "dead-1").code == "keys-unavailable")
        try server.publish([old, new])
        #expect(try scene.answer(to: new).status == 200)
        #expect(try scene.answer(to: old, number: 1).status == 200)
    }
}
