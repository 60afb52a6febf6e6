import Foundation
import Testing

/// An identity provider that is away.
@Suite("Key outage")
struct KeysOutageTests {
    @Test func `stale keys go on, an unknown key is 503, and all of it is shown`() throws {
        let server = try KeyServer.secure()
        let (known, later) = try (
            SigningKey(.p256, identifier: "a"), SigningKey(.p256, identifier: "b")
        )
        try server.publish([known])
        let scene = try GatewayScene.fetchingKeys(from: server)
        defer { scene.end() }
        try scene.start()
        #expect(try scene.answer(to: known).status == 200)
        let good = try #require(try scene.keys())
        #expect(good["count"]?.number == 1)
        #expect(good["lastError"] == .null)
        #expect(good["source"]?.string == server.origin + "/jwks.json")
        #expect(try scene.metric(#"postern_key_failing{tenant="acme"}"#) == 0)

        server.kill()
        for number in 0..<5 {
            let answer = try scene.answer(to: later, number: number)
            #expect(answer.status == 503)
            #expect(answer.code == "keys-unavailable")
            #expect(Int(answer["Retry-After"] ?? "") != nil)
            #expect(try scene.answer(to: known, number: number).status == 200)
        }
        let bad = try #require(try scene.keys())
        #expect(bad["count"]?.number == 1)
        #expect(bad["reason"]?.string == "connection")
        #expect(bad["lastError"]?.string?.isEmpty == false)
        #expect((bad["nextTrySeconds"]?.number).map { 0...60 ~= $0 } == true)
        #expect(try scene.metric(#"postern_key_failing{tenant="acme"}"#) == 1)
        let reason = #"postern_key_last_error_info{tenant="acme",reason="connection"}"#
        #expect(try scene.metric(reason) == 1)
        #expect(try scene.admin("GET", "/readyz").status == 200)

        try server.publish([known, later])
        try server.start()
        #expect(try scene.keys { $0["lastError"] == .null }?["count"]?.number == 2)
        #expect(try scene.answer(to: later).status == 200)
        #expect(try scene.metric(#"postern_key_failing{tenant="acme"}"#) == 0)
        let kinds = ["GATEWAY_KEYS_OUTAGE", "GATEWAY_KEYS_RECOVERY"]
        let events = try scene.events { events in
            kinds.allSatisfy { kind in events.contains { $0.type == kind } }
        }.filter { kinds.contains($0.type) }
        #expect(Set(events.map(\.type)) == Set(kinds))
        #expect(events.count == 2, "\(events)")
        for event in events {
            #expect(event.tenantId == "acme")
            #expect(event.json["category"]?.string == "gateway")
            #expect(event.data == ["reason": "connection"])
        }
    }

    @Test func `keys that are too old are not used, and that is never the caller's fault`() throws {
        let server = try KeyServer.plain()
        let key = try SigningKey(.p256, identifier: "a")
        try server.publish([key])
        let scene = try GatewayScene.fetchingKeys(from: server, ["keys-stale-max 2s"])
        defer { scene.end() }
        try scene.start()
        #expect(try scene.answer(to: key).status == 200)
        server.kill()
        let deadline = Deadline(seconds: 15)
        var last = try scene.answer(to: key)
        while last.status == 200, !deadline.hasPassed { last = try scene.answer(to: key) }
        #expect(last.status == 503)
        #expect(last.code == "keys-unavailable")
        #expect(Int(last["Retry-After"] ?? "") != nil)
        #expect(try scene.answer(to: try SigningKey(.p256, identifier: "b")).status == 503)
        // Other tenants are not touched.
        let other = try IdentityProvider.shared().p256
        #expect(try scene.answer(to: other, tenant: "beta").status == 200)
        try server.start()
        #expect(try scene.answer(to: key, until: 200).status == 200)
    }

    @Test func `a restart during the outage goes on with the keys on disk`() throws {
        let server = try KeyServer.plain()
        let key = try SigningKey(.p256, identifier: "a")
        try server.publish([key])
        let scene = try GatewayScene.fetchingKeys(from: server, ["keys-cache var/keys"])
        defer { scene.end() }
        try scene.start()
        #expect(try scene.answer(to: key).status == 200)
        func kept() throws -> [String] {
            try scene.folder.contents(below: "var/keys").keys.filter { !$0.hasSuffix(".new") }
        }
        let deadline = Deadline(seconds: 10)
        while try kept().isEmpty, !deadline.hasPassed { usleep(20_000) }
        #expect(try kept().count == 1)
        server.kill()
        scene.kill()
        try scene.start()
        #expect(try scene.answer(to: key).status == 200)
        let keys = try scene.keys { $0["lastError"]?.string != nil }
        #expect(keys?["fromDisk"] == true)
        #expect(keys?["count"]?.number == 1)
        #expect(try scene.answer(to: key, number: 2).status == 200)
        // What was damaged is not used, and is no reason not to start.
        scene.kill()
        for name in try kept() {
            try scene.folder.write("var/keys/" + name, "damaged")
        }
        try scene.start()
        #expect(try scene.answer(to: key).code == "keys-unavailable")
        try server.start()
        #expect(try scene.answer(to: key, until: 200).status == 200)
    }
}
