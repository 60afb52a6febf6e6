import Testing

@Suite("TLS to the upstream")
struct UpstreamTLSTests {
    @Test func `a certificate that the named authority signed is trusted`() throws {
        let server = try TLSUpstream(certificate: "upstream")
        let scene = try scene(for: server, name: "localhost", lines: ["ca tls/ca.pem"])
        defer { scene.end() }
        let response = try scene.exchange(Request("GET", "/open/small.txt"))
        #expect(response.status == 200)
        #expect(response.text == "over TLS\n")
    }

    @Test func `a certificate of nobody known is not`() throws {
        try expectRefusal(certificate: "strange", name: "localhost", lines: ["ca tls/ca.pem"])
    }

    @Test func `a certificate for another name is not`() throws {
        try expectRefusal(certificate: "beta", name: "localhost", lines: ["ca tls/ca.pem"])
    }

    @Test func `the system's authorities do not know ours`() throws {
        try expectRefusal(certificate: "upstream", name: "localhost", lines: [])
    }

    private func expectRefusal(certificate: String, name: String, lines: [String]) throws {
        let server = try TLSUpstream(certificate: certificate)
        let scene = try scene(for: server, name: name, lines: lines)
        defer { scene.end() }
        for _ in 0..<3 {
            let response = try scene.exchange(Request("GET", "/open/small.txt"))
            #expect(response.status == 502 || response.status == 503)
            #expect(!response.text.contains("over TLS"))
        }
    }

    private func scene(
        for server: TLSUpstream,
        name: String,
        lines: [String]
    ) throws -> GatewayScene {
        try GatewayScene.serving(
            .with { settings in
                settings.servers = ["https://\(name):\(server.port)"]
                settings.upstream = lines
            }
        )
    }
}

/// nginx with TLS, serving one file.
private final class TLSUpstream: Sendable {
    let port: UInt16
    private let folder: TemporaryFolder
    private let process: NginxProcess

    init(certificate: String) throws {
        folder = try TemporaryFolder("tls-upstream")
        port = try FreePort.next()
        try folder.write("files/open/small.txt", "over TLS\n")
        let text = try NginxProcess.configuration(
            in: folder,
            port: port,
            certificate: certificate,
            serving: "root \(folder.path)/files;"
        )
        try folder.write("nginx.conf", text)
        process = try NginxProcess(in: folder, port: port)
    }
}
