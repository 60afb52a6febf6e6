import Foundation
import Testing

/// Keys that are fetched: from an address, by discovery, or not at all.
@Suite("Fetched keys", .serialized)
struct KeySourceTests {
    @Test func `one tenant without keys harms nobody else and is answered 503`() throws {
        let away = try FreePort.next()
        let scene = try GatewayScene.serving(
            .with { settings in
                settings.beta?.tokens[2] = "keys https://localhost:\(away)/jwks.json"
            }
        )
        defer { scene.end() }
        #expect(
            try scene.exchange(Request("GET", "/guarded/x").bearing(try TokenOrder().signed()))
                .status == 200
        )
        let token = try TokenOrder(audience: "https://beta.test").signed()
        let response = try scene.exchange(
            Request("GET", "/guarded/x", host: "beta.test").bearing(token)
        )
        #expect(response.status == 503)
        #expect(response.code == "keys-unavailable")
        #expect(Int(response["Retry-After"] ?? "") != nil)
        #expect(try scene.exchange(Request("GET", "/open/x", host: "beta.test")).status == 200)
        #expect(try scene.exchange(Request("GET", "/guarded/x", host: "beta.test")).status == 401)
        let ready = try scene.admin("GET", "/readyz")
        #expect(ready.text.contains("beta"))
        #expect(try scene.admin("GET", "/livez").status == 200)
        let complaint = "postern: tenant beta: keys from https://localhost:\(away)/jwks.json "
        #expect(scene.complaints.contains(complaint + "cannot be had: "), "\(scene.complaints)")
        #expect(try scene.admin("POST", "/reload").status == 200)
        #expect(
            scene.complaints.components(separatedBy: complaint).count == 2,
            "\(scene.complaints)"
        )
    }
}
