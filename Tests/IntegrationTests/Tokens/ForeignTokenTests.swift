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
        #expect(accepted.count >= 24)
        for (name, status) in accepted { #expect(status.number == 200, "\(name): \(status)") }
        let refused = report["refused"]?.members ?? [:]
        #expect(refused.count >= 150)
        for (name, codes) in refused {
            let (wanted, got) = (codes["wanted"]?.string, codes["got"]?.string)
            #expect(wanted != nil && got == wanted, "\(name): \(codes)")
        }
        let kept = scene.upstream.arrivals(at: "/guarded/foreign").count
        #expect(kept == accepted.count)
    }
}
