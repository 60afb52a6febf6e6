import Foundation
import Glibc
import Testing

@Suite("Reload")
struct ReloadTests {
    @Test func `a tenant, a route, a limit and an upstream change without a lost request`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let second = try RecordingUpstream { call in
            _ = try call.body()
            try call.respond(200, text: "second")
        }
        defer { second.stop() }
        let traffic = Traffic(scene, Request("GET", "/open/steady"))
        let conversation = try scene.connect()
        defer { conversation.close() }
        #expect(try conversation.exchange(Request("GET", "/fresh")).status == 404)
        try scene.rewrite { settings in
            settings.policy += "\nroute fresh {\n    match GET /fresh\n    public\n}\n"
            settings.acme.hosts.append("newly.test")
            settings.limits = ["request-body 10B"]
            settings.servers = ["http://127.0.0.1:\(second.port)"]
        }
        try reload(scene)
        #expect(try conversation.exchange(Request("GET", "/fresh")).text == "second")
        #expect(try scene.exchange(Request("GET", "/open/x", host: "newly.test")).status == 200)
        let large = Request("POST", "/open/x").with(body: "more than ten bytes")
        #expect(try scene.exchange(large).status == 413)
        traffic.wait(forAnswers: 30)
        let report = traffic.stop()
        #expect(report.failures.isEmpty, "\(report.failures)")
    }

    @Test func `SIGHUP does the same`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        try scene.rewrite { $0.acme.hosts.append("newly.test") }
        scene.gateway?.signal(SIGHUP)
        let deadline = Deadline(seconds: 10)
        var status = 421
        while status == 421, !deadline.hasPassed {
            status = try scene.exchange(Request("GET", "/open/x", host: "newly.test")).status
        }
        #expect(status == 200)
    }

    @Test func `a new certificate is shown, and old connections go on`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let old = try RawTLSClient(port: scene.port)
        let conversation = Conversation(old)
        #expect(old.certificateSubject == "/CN=acme")
        let authority = try CertificateAuthority.shared()
        try scene.folder.copy(authority.path("renewed.pem"), to: "tls/acme.pem")
        try scene.folder.copy(authority.path("renewed.key"), to: "tls/acme.key")
        try reload(scene)
        #expect(try RawTLSClient(port: scene.port).certificateSubject == "/CN=renewed")
        #expect(try conversation.exchange(Request("GET", "/open/x")).status == 200)
    }

    @Test func `keys change: the new ones count and the old ones no more`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let replacement = try SigningKey(.p256, identifier: "ec-2")
        let old = Request("GET", "/guarded/x").bearing(try TokenOrder().signed())
        let new = Request("GET", "/guarded/x").bearing(try TokenOrder(key: replacement).signed())
        #expect(try scene.exchange(old).status == 200)
        #expect(try scene.exchange(new).code == "token-key-unknown")
        let keys: JSON = ["keys": .array([try replacement.publicKey()])]
        try scene.folder.write("keys.json", keys.text)
        try reload(scene)
        #expect(try scene.exchange(new).status == 200)
        #expect(try scene.exchange(old).code == "token-key-unknown")
    }

    @Test func `what is worth knowing is told at the start and in the answer`() throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        let good = try SigningKey(.p256, identifier: "good").publicKey()
        let bad: JSON = ["kty": "EC", "crv": "P-256", "kid": "bad", "x": "AA", "y": "AA"]
        try scene.folder.write("keys.json", JSON.object(["keys": .array([good, bad])]).text)
        try scene.start()
        #expect(scene.gateway?.waitForErrors("postern: warning: in `", seconds: 5) == true)
        let answer = try scene.admin("POST", "/reload")
        #expect(answer.status == 200)
        #expect(answer.text.contains(#""warnings":["in `"#), "\(answer.text)")
        // Both tenants use the file, at the start and at the reload.
        let count = scene.gateway?.errors.wait(seconds: 5) { bytes -> Int? in
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            let count = lines.count { $0.contains("warning: in `") }
            return count < 4 ? nil : count
        }
        #expect(count == 4, "\(scene.complaints)")
    }

    @Test func `a policy that takes a role away counts at once, for tokens already known`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let request = Request("GET", "/guarded/x")
            .bearing(try TokenOrder(roles: ["issuer"]).signed())
        let conversation = try scene.connect()
        defer { conversation.close() }
        #expect(try conversation.exchange(request).status == 200)
        try scene.rewrite { settings in
            settings.policy = settings.policy.replacingOccurrences(
                of: "allow role admin issuer\n",
                with: "allow role admin\n"
            )
        }
        try reload(scene)
        #expect(try conversation.exchange(request).status == 403)
    }

    @Test func `a token that is known is verified anew only when the rules for it change`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let request = Request("GET", "/guarded/x").bearing(try TokenOrder().signed())
        let conversation = try scene.connect()
        defer { conversation.close() }
        #expect(try conversation.exchange(request).status == 200)
        try reload(scene)
        let misses = try scene.metric("postern_token_cache_misses_total")
        #expect(try conversation.exchange(request).status == 200)
        #expect(try scene.metric("postern_token_cache_misses_total") == misses)
        try scene.rewrite { $0.acme.tokens[1] = "audience https://other.test" }
        try reload(scene)
        #expect(try conversation.exchange(request).code == "token-audience")
    }

    static let mistakes: [(String, @Sendable (GatewayScene) throws -> Void)] = [
        ("an unknown word", { try $0.rewrite { $0.topLevel.append("wrokers 3") } }),
        (
            "a failing test",
            { scene in
                try scene.rewrite {
                    $0.policy += "test \"wrong\" GET /open/x expect 401\n"
                }
            }
        ),
        ("a missing certificate", { try $0.folder.remove("tls/acme.pem") }),
        (
            "a key of another certificate",
            { scene in
                let authority = try CertificateAuthority.shared()
                try scene.folder.copy(authority.path("beta.key"), to: "tls/acme.key")
            }
        ),
        ("a broken key set", { _ = try $0.folder.write("keys.json", "{\"keys\": [") }),
        ("an unknown upstream", { try $0.rewrite { $0.acme.routes = "upstream nowhere" } }),
    ]

    @Test("a bad configuration changes nothing and says why", arguments: mistakes.map(\.0))
    func mistake(_ name: String) throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let token = try TokenOrder().signed()
        let traffic = Traffic(scene, Request("GET", "/guarded/steady").bearing(token))
        let failures = try scene.metric("postern_reload_failures_total") ?? 0
        try Self.mistakes.first { $0.0 == name }?.1(scene)
        let answer = try scene.admin("POST", "/reload")
        #expect(answer.status >= 400)
        #expect(!answer.text.isEmpty)
        #expect(try scene.metric("postern_reload_failures_total") == failures + 1)
        #expect(scene.gateway?.waitForErrors("error", seconds: 5) == true)
        #expect(try scene.exchange(Request("GET", "/guarded/x").bearing(token)).status == 200)
        let report = traffic.stop()
        #expect(report.failures.isEmpty, "\(report.failures)")
    }

    @Test func `what was wrong can be put right`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        try scene.rewrite { $0.topLevel.append("wrokers 3") }
        #expect(try scene.admin("POST", "/reload").status >= 400)
        try scene.rewrite { settings in
            settings.topLevel.removeLast()
            settings.acme.hosts = ["newly.test"]
        }
        try reload(scene)
        #expect(try scene.exchange(Request("GET", "/open/x", host: "newly.test")).status == 200)
        #expect(try scene.exchange(Request("GET", "/open/x")).status == 421)
    }

    @Test func `fifty reloads under load lose nothing`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let meter = ProcessMeter(identifier: scene.gateway?.processIdentifier ?? 0)
        let token = try TokenOrder().signed()
        let traffic = (0..<3).map { _ in
            Traffic(scene, Request("POST", "/guarded/steady").bearing(token).with(body: "x"))
        }
        try reload(scene)
        let before = meter.descriptors
        for _ in 0..<50 { try reload(scene) }
        let report = traffic.map { $0.stop() }
        for one in report { #expect(one.failures.isEmpty, "\(one.failures.prefix(3))") }
        #expect(report.map(\.answers).reduce(0, +) > 50)
        #expect(meter.descriptors <= before + 6)
    }

    private func reload(_ scene: GatewayScene) throws {
        let answer = try scene.admin("POST", "/reload")
        #expect(answer.status == 200 || answer.status == 204, "\(answer.text)")
    }
}

/// One client that asks again and again.
final class Traffic: Sendable {
    struct Report: Sendable {
        var answers = 0
        var failures: [String] = []
        var isStopping = false
        var isDone = false
    }

    private let report = Observed(Report())

    init(_ scene: GatewayScene, _ request: Request) {
        let report = report
        Thread.detachNewThread {
            do {
                let conversation = try scene.connect()
                while !report.value.isStopping {
                    let status = try conversation.exchange(request).status
                    report.update { report in
                        report.answers += 1
                        if status != 200 { report.failures.append("\(status)") }
                    }
                }
                conversation.close()
            } catch {
                report.update { $0.failures.append("\(error)") }
            }
            report.update { $0.isDone = true }
        }
    }

    /// Waits until so many more answers came.
    func wait(forAnswers count: Int) {
        let wanted = report.value.answers + count
        _ = report.wait(seconds: 20) { $0.answers >= wanted || $0.isDone ? true : nil }
    }

    /// Ends the traffic and tells how it went.
    func stop() -> Report {
        report.update { $0.isStopping = true }
        _ = report.wait(seconds: 20) { $0.isDone ? true : nil }
        return report.value
    }
}
