import Foundation
import Testing

/// Key sets that are no good, each of a tenant of its own.
@Suite("Bad key servers")
struct KeysMisbehaviourTests {
    struct Case: Sendable {
        let name: String
        let reason: String
        let page: JSON
    }

    static let cases = [
        Case(name: "hangs", reason: "timeout", page: ["held": true]),
        Case(name: "garbage", reason: "not-json", page: ["body": "<html>"]),
        Case(name: "other", reason: "not-a-key-set", page: ["body": "{}"]),
        Case(
            name: "symmetric",
            reason: "no-usable-key",
            page: ["body": #"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#]
        ),
        Case(name: "broken", reason: "status", page: ["status": 500]),
        Case(name: "endless", reason: "too-large", page: ["endless": true]),
        Case(
            name: "moved",
            reason: "redirected",
            page: ["status": 302, "fields": ["Location": "https://evil.test/jwks.json"]]
        ),
        Case(
            name: "compressed",
            reason: "encoded",
            page: ["body": "x", "fields": ["Content-Encoding": "gzip"]]
        ),
    ]

    @Test func `each is told by its reason, answered 503 and touches no other tenant`() throws {
        let server = try KeyServer.secure()
        let key = try SigningKey(.p256, identifier: "a")
        try server.publish([key])
        let scene = try GatewayScene.fetchingKeys(from: server) { settings in
            for one in Self.cases {
                var tenant = TenantSettings(name: one.name)
                tenant.tokens[2] = "keys \(server.origin)/\(one.name)"
                tenant.tokens.append("ca tls/ca.pem")
                settings.extra += tenant.text
            }
            var strange = TenantSettings(name: "strange")
            strange.tokens[2] = "keys \(server.origin)/jwks.json"
            settings.extra += strange.text
        }
        defer { scene.end() }
        for one in Self.cases { try server.serve("/" + one.name, one.page) }
        try scene.start()
        let others = Self.cases.map { ($0.name, $0.reason) } + [("strange", "tls")]
        for (name, reason) in others {
            let answer = try scene.answer(to: key, tenant: name)
            #expect(answer.status == 503, "\(name)")
            #expect(answer.code == "keys-unavailable", "\(name)")
            let keys = try scene.keys(of: name) { $0["reason"]?.string != nil }
            #expect(keys?["reason"]?.string == reason, "\(name): \(keys?.text ?? "nothing")")
            #expect(keys?["count"]?.number == 0)
            #expect(try scene.answer(to: key).status == 200)
        }
        #expect(!scene.complaints.contains("c2VjcmV0"))
    }

    @Test func `what is wrong with single keys is shown, and the others are used`() throws {
        let server = try KeyServer.plain()
        let key = try SigningKey(.p256, identifier: "a")
        let set: JSON = [
            "keys": [
                ["kty": "oct", "kid": "hs", "k": "c2VjcmV0"], try key.publicKey(),
                ["kty": "X", "kid": "new"],
            ]
        ]
        try server.serve("/jwks.json", ["body": .string(set.text)])
        let scene = try GatewayScene.fetchingKeys(from: server)
        defer { scene.end() }
        try scene.start()
        #expect(try scene.answer(to: key).status == 200)
        #expect(
            try scene.keys()?["problems"] == [
                "key 1 `hs` is a symmetric key, which is never used",
                "key 3 `new` has a `kty` or `crv` that is not used",
            ]
        )
    }
}
