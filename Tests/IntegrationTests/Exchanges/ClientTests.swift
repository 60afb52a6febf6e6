import Foundation
import Testing

@Suite("Everyday clients", .scene())
struct ClientTests {
    @Test func `http.client keeps one connection for everything`() throws {
        let scene = try GatewayScene.here()
        let report = try PythonClient.run("http_client.py", arguments(scene))
        let wanted: [String: Double] = [
            "get": 200, "head": 200, "post": 200, "chunked": 200, "guarded": 200, "refused": 401,
            "missing": 404, "again": 200,
        ]
        for (name, status) in wanted {
            #expect(report[[name, "status"]]?.number == status, "\(name)")
        }
        #expect(report[["head", "length"]]?.number == 0)
        #expect(report[["post", "length"]]?.number == 100_000)
        #expect(report[["chunked", "body"]]?.string?.hasSuffix("piece 9 ") == true)
        #expect(report[["many", "statuses"]] == [200])
    }

    @Test func `requests, eight at once, gets every body back`() throws {
        let scene = try GatewayScene.here()
        let report = try PythonClient.run("requests_client.py", arguments(scene))
        #expect(report["offer"]?.number == 200)
        #expect(report["noStore"]?.string == "no-store")
        #expect(report["code"]?.string == "credentials-missing")
        #expect(report["whole"] == report["wanted"])
    }

    @Test func `curl gets an answer and verifies the certificate`() throws {
        let scene = try GatewayScene.here()
        let outcome = try curl(
            scene,
            ["-w", "\\n%{http_code} %{http_version} %{ssl_verify_result}"],
            "/open/x"
        )
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.hasSuffix("\n200 1.1 0"))
    }

    @Test func `curl posts a large file with Expect`() throws {
        let scene = try GatewayScene.here()
        let file = try scene.folder.write(
            "large.bin",
            String(repeating: "abcdefgh", count: 120_000)
        )
        let outcome = try curl(
            scene,
            [
                "--data-binary", "@\(file)", "-H", "Expect: 100-continue", "-o", "/dev/null", "-w",
                "%{http_code} %{size_download}",
            ],
            "/open/x"
        )
        #expect(outcome.output == "200 960000", "\(outcome.output) \(outcome.errors)")
    }

    @Test func `curl uploads chunks`() throws {
        let scene = try GatewayScene.here()
        let file = try scene.folder.write("chunks.bin", String(repeating: "xyz", count: 50_000))
        let outcome = try curl(
            scene,
            [
                "-T", file, "-H", "Transfer-Encoding: chunked", "-o", "/dev/null", "-w",
                "%{http_code} %{size_download}",
            ],
            "/open/x"
        )
        #expect(outcome.output == "200 150000", "\(outcome.output) \(outcome.errors)")
    }

    @Test("curl with each version of TLS that is served", arguments: ["1.2", "1.3"])
    func versions(_ version: String) throws {
        let scene = try GatewayScene.here()
        let outcome = try curl(
            scene,
            ["--tlsv\(version)", "--tls-max", version, "-o", "/dev/null", "-w", "%{http_code}"],
            "/open/x"
        )
        #expect(outcome.output == "200", "\(outcome.errors)")
    }

    @Test func `a bearer token and a HEAD through curl`() throws {
        let scene = try GatewayScene.here()
        let token = try TokenOrder().signed()
        let outcome = try curl(scene, ["-I", "-H", "Authorization: Bearer \(token)"], "/guarded/x")
        #expect(outcome.output.hasPrefix("HTTP/1.1 200"))
    }

    private func arguments(_ scene: GatewayScene) throws -> [String] {
        let token = try TokenOrder(algorithm: "RS256").signed()
        return ["\(scene.port)", scene.folder.path(of: "tls/ca.pem"), token]
    }

    private func curl(
        _ scene: GatewayScene,
        _ options: [String],
        _ target: String
    ) throws -> Command.Outcome {
        try Command.run(
            "curl",
            ["-sS", "--max-time", "20", "--noproxy", "*"]
                + ["--cacert", scene.folder.path(of: "tls/ca.pem")]
                + ["--resolve", "acme.test:\(scene.port):127.0.0.1"] + options
                + ["https://acme.test:\(scene.port)\(target)"]
        )
    }
}
