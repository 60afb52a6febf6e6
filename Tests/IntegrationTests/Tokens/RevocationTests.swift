import Foundation
import Testing

/// Tokens, subjects and clients that are refused whatever their tokens say.
@Suite("Revocation")
struct RevocationTests {
    private static let guarded = Request("GET", "/guarded/x")

    /// A token with an identifier of its own.
    private static func token(
        _ identifier: String,
        subject: JSON = "subject-1",
        tenant: String = "acme"
    ) throws -> String {
        try TokenOrder(audience: .string("https://\(tenant).test"))
            .with(claim: "jti", .string(identifier)).with(claim: "sub", subject).signed()
    }

    private static func status(
        _ scene: GatewayScene,
        _ token: String,
        tenant: String = "acme"
    ) throws -> Int {
        try scene.exchange(
            Request("GET", "/guarded/x", host: "\(tenant).test").bearing(token)
        ).status
    }

    /// Asks until the status is the one wanted, at most for so many seconds.
    private static func becomes(
        _ wanted: Int,
        _ scene: GatewayScene,
        _ token: String,
        seconds: Double = 15
    ) throws -> Bool {
        let deadline = Deadline(seconds: seconds)
        while try status(scene, token) != wanted {
            if deadline.hasPassed { return false }
            usleep(50_000)
        }
        return true
    }

    private static func change(
        _ scene: GatewayScene,
        _ body: String,
        by method: String = "POST",
        type: String = "application/json"
    ) throws -> Response {
        let conversation = Conversation(try PlainWire(port: scene.adminPort))
        defer { conversation.close() }
        var request = Request(method, "/revocations", host: "127.0.0.1:\(scene.adminPort)")
            .with("Content-Type", type)
        request.body = Array(body.utf8)
        return try conversation.exchange(request, seconds: 20)
    }

    @Test func `what is posted is refused by every loop at once, and taken back at once`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let token = try Self.token("t-1")
        // Enough connections that both loops have some and remember the token.
        let connections = try (0..<16).map { _ in try scene.connect() }
        defer { for connection in connections { connection.close() } }
        func statuses() throws -> Set<Int> {
            Set(try connections.map { try $0.exchange(Self.guarded.bearing(token)).status })
        }
        #expect(try statuses() == [200])
        let answer = try Self.change(scene, #"{"token": ["t-1", "t-2"]}"#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json == ["revoked": 2, "total": 2])
        #expect(try statuses() == [401])
        let refused = try scene.exchange(Self.guarded.bearing(token))
        #expect(refused.code == "token-revoked")
        #expect(refused["WWW-Authenticate"]?.contains("error=\"invalid_token\"") == true)
        #expect(try Self.status(scene, try Self.token("t-3")) == 200)
        let back = try Self.change(scene, #"{"jti": "t-1"}"#, by: "DELETE")
        #expect(back.json == ["revoked": 1, "total": 1])
        #expect(try statuses() == [200])
    }

    @Test func `subjects, clients and tenants are told apart`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let acme = try Self.token("a", subject: "mallory")
        let beta = try Self.token("b", subject: "mallory", tenant: "beta")
        #expect(
            try Self.change(scene, #"{"subject": "mallory", "tenant": "acme"}"#).status == 200
        )
        #expect(try Self.status(scene, acme) == 401)
        #expect(try Self.status(scene, beta, tenant: "beta") == 200)
        #expect(try Self.change(scene, #"{"token": "mallory", "client": "mallory"}"#).status == 200)
        #expect(try Self.status(scene, beta, tenant: "beta") == 200)
        #expect(try Self.change(scene, #"{"client_id": "client-1"}"#).status == 200)
        #expect(try Self.status(scene, beta, tenant: "beta") == 401)
    }

    @Test func `a file counts when it is edited, without a reload`() throws {
        let scene = try GatewayScene(.with { $0.topLevel.append("revoked revoked.txt") })
        defer { scene.end() }
        try scene.folder.write("revoked.txt", "# nobody yet\n")
        try scene.start()
        let token = try Self.token("t-1", subject: "auth0|5f7c#8")
        #expect(try Self.status(scene, token) == 200)
        try scene.folder.write("revoked.txt", "subject auth0|5f7c#8 # left\n")
        #expect(try Self.becomes(401, scene, token))
        try FileManager.default.removeItem(atPath: scene.folder.path(of: "revoked.txt"))
        let deadline = Deadline(seconds: 15)
        while try scene.metric("postern_revocation_file_failures_total") != 1 {
            guard !deadline.hasPassed else { break }
            usleep(50_000)
        }
        #expect(try Self.status(scene, token) == 401)
        #expect(scene.complaints.contains("revoked.txt"), "\(scene.complaints)")
        let ready = try scene.admin("GET", "/readyz")
        #expect(ready.status == 200)
        #expect(ready.text.contains("revoked.txt"))
        #expect(try scene.admin("POST", "/reload").status == 422)
        #expect(try Self.status(scene, token) == 401)
        try scene.folder.write("revoked.txt", "t-2\n")
        #expect(try Self.becomes(200, scene, token))
        #expect(scene.complaints.components(separatedBy: "cannot be used").count == 2)
        #expect(!scene.complaints.contains("auth0"))
    }

    @Test func `a tenant's file counts for it alone`() throws {
        let scene = try GatewayScene(
            .with { $0.beta?.tokens.append("revoked beta.txt") }
        )
        defer { scene.end() }
        try scene.folder.write("beta.txt", "subject-1\r\n")
        try scene.start()
        #expect(try Self.status(scene, try Self.token("a")) == 200)
        let beta = try Self.token("a", tenant: "beta")
        #expect(try Self.status(scene, beta, tenant: "beta") == 401)
        try scene.rewrite { settings in
            // Tenants change their places.
            let acme = settings.acme
            if let beta = settings.beta { settings.acme = beta }
            settings.beta = acme
        }
        #expect(try scene.admin("POST", "/reload").status == 200)
        #expect(try Self.status(scene, try Self.token("a")) == 200)
        #expect(try Self.status(scene, beta, tenant: "beta") == 401)
    }

    @Test func `what was posted outlives a kill, a restart and a reload`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let token = try Self.token("t-1")
        #expect(
            try Self.change(scene, "jti t-1\n# more\nsub:zed\n", type: "text/plain").json
                == ["revoked": 2, "total": 2]
        )
        scene.kill()
        try scene.start()
        #expect(try Self.status(scene, token) == 401)
        #expect(try Self.status(scene, try Self.token("t-2", subject: "zed")) == 401)
        #expect(try scene.admin("POST", "/reload").status == 200)
        #expect(try Self.status(scene, token) == 401)
        let again = try Self.change(scene, #"{"token": "t-1"}"#)
        #expect(again.json == ["revoked": 0, "total": 2])
        let file = scene.folder.path(of: "events/revocations")
        #expect(scene.terminate() == .exited(0))
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try scene.folder.write("events/revocations", text + "token * t-3\n")
        let damaged = try Command.postern(["serve", "--config", scene.configuration])
        #expect(damaged.status == 2)
        #expect(damaged.errors.contains("events/revocations` are damaged"), "\(damaged.errors)")
    }

    @Test func `changes at one time, among reloads and edits of a file, lose nothing`() throws {
        let scene = try GatewayScene(.with { $0.topLevel.append("revoked revoked.txt") })
        defer { scene.end() }
        try scene.folder.write("revoked.txt", "f-0\n")
        try scene.start()
        let failures = Observed<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 6) { worker in
            for number in 0..<8 {
                do {
                    if worker == 4 {
                        try scene.folder.write("revoked.txt", "f-\(number)\n")
                    } else if worker == 5 {
                        let answer = try scene.admin("POST", "/reload", seconds: 30)
                        if answer.status != 200 { failures.update { $0.append(answer.text) } }
                    } else {
                        let name = "w-\(worker)-\(number)"
                        let answer = try Self.change(scene, "{\"token\": \"\(name)\"}")
                        if answer.json?["revoked"]?.number != 1 {
                            failures.update { $0.append(answer.text) }
                        }
                        if try Self.status(scene, try Self.token(name)) != 401 {
                            failures.update { $0.append("\(name) passes") }
                        }
                    }
                } catch { failures.update { $0.append("\(error)") } }
            }
        }
        #expect(failures.value.isEmpty)
        #expect(try Self.becomes(401, scene, try Self.token("f-7")))
        #expect(try Self.status(scene, try Self.token("f-0")) == 200)
        for restarts in [false, true] {
            if restarts {
                scene.kill()
                try scene.start()
            }
            let counts = try scene.admin("GET", "/revocations").json
            #expect(counts?["posted"]?["token"] == 32)
            #expect(try Self.status(scene, try Self.token("w-3-7")) == 401)
        }
    }

    @Test func `without a place to keep it nothing is taken; with keys-cache it is`() throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        let text = try String(contentsOfFile: scene.configuration, encoding: .utf8)
        let start = try #require(text.range(of: "analytics {"))
        let bare = String(text[..<start.lowerBound])
        try scene.folder.write("postern.conf", bare)
        try scene.start()
        let refused = try Self.change(scene, #"{"token": "t-1"}"#)
        #expect(refused.status == 409)
        #expect(refused.text.contains("keys-cache"))
        let token = try Self.token("t-1")
        #expect(try Self.status(scene, token) == 200)
        try scene.folder.write("postern.conf", bare + "keys-cache kept\n")
        #expect(try scene.admin("POST", "/reload").status == 200)
        #expect(try Self.change(scene, #"{"token": "t-1"}"#).status == 200)
        #expect(try Self.status(scene, token) == 401)
        try scene.folder.write("postern.conf", bare)
        let withdrawn = try scene.admin("POST", "/reload")
        #expect(withdrawn.status == 422)
        #expect(withdrawn.text.contains("no folder to keep them in"))
        #expect(try Self.status(scene, token) == 401)
    }

    @Test func `values are told nowhere, and counts are`() throws {
        let scene = try GatewayScene(.with { $0.topLevel.append("revoked revoked.txt") })
        defer { scene.end() }
        try scene.folder.write("revoked.txt", "sesame-1\nclient sesame-2\n")
        try scene.start()
        let answer = try Self.change(scene, #"{"token": "sesame-3", "sub": ["sesame-4"]}"#)
        #expect(answer.json == ["revoked": 2, "total": 4])
        #expect(try Self.status(scene, try Self.token("sesame-3")) == 401)
        let counts = try scene.admin("GET", "/revocations")
        #expect(counts.status == 200)
        #expect(
            counts.json == [
                "total": 4, "file": ["token": 0, "subject": 0, "client": 1, "any": 1],
                "posted": ["token": 1, "subject": 1, "client": 0, "any": 0],
            ]
        )
        let metrics = try scene.admin("GET", "/metrics").text
        #expect(metrics.contains("postern_revocations{source=\"file\"} 2\n"))
        #expect(metrics.contains("postern_revocations{source=\"posted\"} 2\n"))
        let events = try scene.events { $0.contains { $0.names("token-revoked") } }
        let refusals = events.filter { $0.names("token-revoked") }
        #expect(refusals.map(\.type) == ["GATEWAY_REQUEST_REFUSED"])
        let ready = try scene.admin("GET", "/readyz").text
        for text in [answer.text, counts.text, metrics, ready, scene.complaints, "\(events)"] {
            #expect(!text.contains("sesame"))
        }
    }

    @Test(
        "a body that is not as documented changes nothing and says why",
        arguments: [
            ("{", 400, "JSON"), (#"{"tokne": "t-1"}"#, 400, "tokne"), ("{}", 400, "names no"),
            (#"{"token": 5}"#, 400, "token"),
            (#"{"token": "t-1", "tenant": "nobody"}"#, 422, "nobody"),
            (#"{"token": "t-1", "token": "t-2"}"#, 400, "twice"),
        ]
    )
    func faultyBodies(_ body: String, _ status: Int, _ words: String) throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        for method in ["POST", "DELETE"] {
            let answer = try Self.change(scene, body, by: method)
            #expect(answer.status == status)
            #expect(answer.json?["message"]?.string?.contains(words) == true, "\(answer.text)")
        }
        #expect(try scene.metric("postern_revocations") == 0)
    }

    @Test func `other methods, large bodies and other web pages are refused`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let put = try scene.admin("PUT", "/revocations")
        #expect(put.status == 405)
        #expect(put["Allow"] == "GET, HEAD, POST, DELETE")
        let large = String(repeating: "x", count: 1_048_577)
        #expect((try? Self.change(scene, large))?.status ?? 413 == 413)
        let conversation = Conversation(try PlainWire(port: scene.adminPort))
        defer { conversation.close() }
        let request = Request("DELETE", "/revocations", host: "127.0.0.1:\(scene.adminPort)")
            .with("Origin", "https://evil.example")
        #expect(try conversation.exchange(request).status == 403)
    }

    @Test func `a faulty file is an error where the configuration names it`() throws {
        let scene = try GatewayScene(
            .with { settings in
                settings.topLevel.append("revoked gone.txt")
                settings.acme.tokens.append("revoked bad.txt")
            }
        )
        defer { scene.end() }
        try Data([0x61, 0xFF]).write(to: URL(filePath: scene.folder.path(of: "bad.txt")))
        for command in ["check", "serve"] {
            let outcome = try Command.postern([command, "--config", scene.configuration])
            #expect(outcome.status == 2)
            let text = try String(contentsOfFile: scene.configuration, encoding: .utf8)
            let lines = text.components(separatedBy: "\n")
            for (name, words) in [("gone.txt", "No such file"), ("bad.txt", "not UTF-8")] {
                let line = try #require(lines.firstIndex { $0.hasSuffix("revoked \(name)") })
                let column = lines[line].utf8.count - name.utf8.count + 1
                #expect(outcome.errors.contains("postern.conf:\(line + 1):\(column): error: "))
                #expect(outcome.errors.contains(words), "\(outcome.errors)")
            }
        }
    }

    @Test func `explain tells of files, and that posted entries are not known to it`() throws {
        let scene = try GatewayScene(.with { $0.topLevel.append("revoked revoked.txt") })
        defer { scene.end() }
        try scene.folder.write("revoked.txt", "client other\n")
        let claims = #"{"sub": "s", "jti": "j", "roles": ["admin"]}"#
        let arguments =
            ["explain", "--config", scene.configuration, "--claims", claims]
            + ["GET", "https://acme.test/guarded/x"]
        let passed = try Command.postern(arguments)
        #expect(passed.status == 0, "\(passed.output)")
        #expect(passed.output.contains("known to a running gateway only"))
        try scene.folder.write("revoked.txt", "subject s\n")
        let refused = try Command.postern(arguments)
        #expect(refused.status == 1)
        #expect(refused.output.contains("verdict: 401 token-revoked"), "\(refused.output)")
        #expect(refused.output.contains("sub in "))
    }

    @Test func `explain leaves open what only the authorization server knows, without the token`()
        throws
    {
        let scene = try GatewayScene(
            .with {
                $0.acme.tokens.append(
                    "introspect http://127.0.0.1:9/introspect client postern secret sesame"
                )
            }
        )
        defer { scene.end() }
        let file = try scene.folder.write("token", "opaque-0815")
        let outcome = try Command.postern(
            ["explain", "--config", scene.configuration, "--token-file", file]
                + ["GET", "https://acme.test/guarded/x"]
        )
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("asks http://127.0.0.1:9/introspect"))
        #expect(outcome.output.contains("verdict: open"), "\(outcome.output)")
        for secret in ["opaque-0815", "sesame"] {
            #expect(!(outcome.output + outcome.errors).contains(secret))
        }
    }
}
