import Foundation
import Testing

@Suite("Administration", .serialized, .scene())
struct AdminTests {
    @Test func `livez says that it lives`() throws {
        #expect(try GatewayScene.here().admin("GET", "/livez").status == 200)
    }

    @Test func `readyz tells of keys, upstreams and the journal`() throws {
        let answer = try GatewayScene.here().admin("GET", "/readyz")
        #expect(answer.status == 200)
        #expect(answer["Content-Type"]?.hasPrefix("application/json") == true)
        #expect(answer.json != nil)
        for word in ["acme", "beta", "issuer", "journal"] {
            #expect(answer.text.contains(word), "\(word) in \(answer.text)")
        }
    }

    @Test func `metrics are Prometheus text`() throws {
        let scene = try GatewayScene.here()
        _ = try scene.exchange(Request("GET", "/open/x"))
        _ = try scene.exchange(Request("GET", "/unnamed"))
        let answer = try scene.admin("GET", "/metrics")
        #expect(answer.status == 200)
        #expect(answer["Content-Type"]?.hasPrefix("text/plain") == true)
        let sample = /[a-zA-Z_:][a-zA-Z0-9_:]*(\{.*\})? (NaN|[+-]Inf|[-+0-9.eE]+)( \d+)?/
        var kinds: [String: String] = [:]
        for line in answer.text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                kinds[String(words[2])] = String(words[3])
            }
            guard !line.hasPrefix("#") else { continue }
            #expect(line.wholeMatch(of: sample) != nil, "\(line)")
            #expect(line.hasPrefix("postern_") || line.hasPrefix("process_"), "\(line)")
        }
        #expect(!kinds.isEmpty)
        for (name, kind) in kinds where kind == "counter" {
            #expect(name.hasSuffix("_total"), "\(name)")
        }
        for (name, kind) in kinds where kind == "histogram" {
            #expect(name.hasSuffix("_seconds"), "\(name)")
        }
    }

    @Test func `counters count`() throws {
        let scene = try GatewayScene.here()
        let text = try scene.admin("GET", "/metrics").text
        let names = Set(
            text.split(separator: "\n").filter { !$0.hasPrefix("#") }
                .map { String($0.prefix { $0 != "{" && $0 != " " }) }
                .filter { $0.contains("request") && $0.hasSuffix("_total") }
        )
        #expect(!names.isEmpty)
        let before = try names.map { try scene.metric($0) ?? 0 }.reduce(0, +)
        for _ in 0..<10 { _ = try scene.exchange(Request("GET", "/open/x")) }
        let after = try names.map { try scene.metric($0) ?? 0 }.reduce(0, +)
        #expect(after >= before + 10)
    }

    @Test func `reload answers, and counts nothing as a failure`() throws {
        let scene = try GatewayScene.here()
        let answer = try scene.admin("POST", "/reload")
        #expect(answer.status == 200 || answer.status == 204, "\(answer.text)")
        #expect((try scene.metric("postern_reload_failures_total") ?? 0) == 0)
    }

    @Test(
        "nothing else is there",
        arguments: [
            ("GET", "/"), ("GET", "/reload"), ("POST", "/livez"), ("GET", "/open/x"),
            ("GET", "/metrics/../livez"),
        ]
    )
    func nothingElse(_ method: String, _ path: String) throws {
        #expect((400..<500).contains(try GatewayScene.here().admin(method, path).status))
    }

    @Test func `the admin listener is not on the tenants' port`() throws {
        let scene = try GatewayScene.here()
        for path in ["/livez", "/readyz", "/metrics", "/reload"] {
            #expect(try scene.exchange(Request("GET", path)).status == 404)
        }
    }

    @Test(
        "nonsense on the admin port harms nobody",
        arguments: ["nonsense\r\n\r\n", "GET\r\n", "\0\0\0", ""]
    )
    func nonsense(_ text: String) throws {
        let scene = try GatewayScene.here()
        let wire = try PlainWire(port: scene.adminPort)
        try wire.send(Array(text.utf8))
        wire.socket.shutdownWriting()
        _ = try? wire.receive(Deadline(seconds: 2))
        wire.close()
        #expect(try scene.admin("GET", "/livez").status == 200)
    }

    @Test func `a silent admin connection does not hold the others`() throws {
        let scene = try GatewayScene.here()
        let silent = try (0..<5).map { _ in try PlainWire(port: scene.adminPort) }
        #expect(try scene.admin("GET", "/livez", seconds: 5).status == 200)
        for wire in silent { wire.close() }
    }
}

@Suite("An admin listener for everybody")
struct OpenAdminTests {
    @Test func `without TLS and a token it is only for this machine`() throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        let path = scene.configuration
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try scene.folder.write(
            "postern.conf",
            text.replacingOccurrences(of: "admin 127.0.0.1:", with: "admin 0.0.0.0:")
        )
        let outcome = try Command.postern(["check", "--config", path])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("admin") || outcome.output.contains("admin"))
    }
}
