import Testing

/// Tokens made by the `cryptography` package and sent with `requests`: a second implementation
/// of everything between the identity provider and the gateway.
@Suite("Tokens of a second implementation", .stillScene())
struct ForeignTokenTests {
    @Test func `keys and tokens of another library are understood`() throws {
        let scene = try GatewayScene.here()
        let folder = scene.folder.path
        _ = try PythonClient.run("make_keys.py", [folder])
        try scene.start()
        let report = try PythonClient.run(
            "foreign_tokens.py",
            [folder, "\(scene.port)", folder + "/tls/ca.pem"]
        )
        let accepted = report["accepted"]?.members ?? [:]
        #expect(accepted.count == 10)
        for (name, status) in accepted { #expect(status.number == 200, "\(name)") }
        let refused = report["refused"]?.members ?? [:]
        #expect(refused.count >= 10)
        for (name, status) in refused { #expect(status.number == 401, "\(name)") }
    }
}
