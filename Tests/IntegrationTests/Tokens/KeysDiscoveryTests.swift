import Testing

/// Keys that the issuer's metadata name.
@Suite("Key discovery")
struct KeysDiscoveryTests {
    static let places = [
        ("/.well-known/openid-configuration", ""), ("/.well-known/openid-configuration", "/"),
        ("/a/.well-known/openid-configuration", "/a"),
        ("/a/.well-known/openid-configuration", "/a/"),
        ("/.well-known/oauth-authorization-server", ""),
        ("/.well-known/oauth-authorization-server/a/b", "/a/b"),
        ("/.well-known/openid-configuration/a/b", "/a/b"),
    ]

    private func scene(_ server: KeyServer, issuer: String) throws -> GatewayScene {
        try GatewayScene(
            .with { settings in
                settings.acme.tokens = [
                    "issuer \(issuer)", "audience https://acme.test", "roles claim roles",
                    "ca tls/ca.pem",
                ]
            }
        )
    }

    @Test("metadata are found where the standards put them", arguments: places)
    func finds(_ place: String, _ path: String) throws {
        let server = try KeyServer.secure()
        let key = try SigningKey(.p256, identifier: "a")
        let issuer = server.origin + path
        try server.publish([key], at: "/keys")
        let metadata: JSON = [
            "issuer": .string(issuer), "jwks_uri": .string(server.origin + "/keys"),
        ]
        try server.serve(place, ["body": .string(metadata.text)])
        let scene = try scene(server, issuer: issuer)
        defer { scene.end() }
        try scene.start()
        #expect(try scene.answer(to: key, issuer: issuer).status == 200)
        #expect(try server.count("/keys") == 1)
    }

    @Test func `metadata of another issuer are not followed`() throws {
        let server = try KeyServer.secure()
        let key = try SigningKey(.p256, identifier: "a")
        try server.publish([key], at: "/keys")
        let metadata: JSON = [
            "issuer": .string(server.origin + "/"), "jwks_uri": .string(server.origin + "/keys"),
        ]
        try server.serve("*", ["body": .string(metadata.text)])
        let scene = try scene(server, issuer: server.origin)
        defer { scene.end() }
        try scene.start()
        let answer = try scene.answer(to: key, issuer: server.origin)
        #expect(answer.code == "keys-unavailable")
        #expect(try scene.keys { $0["reason"]?.string != nil }?["reason"]?.string == "discovery")
        #expect(try server.count("/keys") == 0)
    }
}
