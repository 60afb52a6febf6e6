import Foundation
import Testing

@Suite("Introspection")
struct IntrospectionTests {
    private func scene(
        _ server: AuthorizationServer,
        cache: String = "60s",
        _ more: [String] = []
    ) throws -> GatewayScene {
        let url = "http://127.0.0.1:\(server.port)/introspect"
        return try GatewayScene.serving(.introspecting(url, cache: cache, more))
    }

    private func ask(_ scene: GatewayScene, _ token: String) throws -> Response {
        try scene.exchange(Request("GET", "/guarded/x").bearing(token), seconds: 20)
    }

    @Test func `an active token passes with what the server says of it`() throws {
        let server = try AuthorizationServer()
        defer { server.stop() }
        let scene = try scene(server)
        defer { scene.end() }
        server.know("opaque+token/1=")
        #expect(try ask(scene, "opaque+token/1=").status == 200)
        let arrival = try scene.upstream.wait(for: "/guarded/x")
        #expect(arrival.head["X-Postern-Client"] == "opaque-client")
        #expect(arrival.head["X-Postern-Subject"] == "opaque-subject")
        #expect(arrival.head["X-Postern-Roles"] == "admin")
        let question = try #require(server.questions.first)
        #expect(question.method == "POST")
        #expect(
            String(decoding: question.body, as: UTF8.self)
                == "token=opaque%2Btoken%2F1%3D&token_type_hint=access_token"
        )
        let credentials = Data("gate%3Away:s3cret%3A+of%2Fintrospection".utf8)
        #expect(
            question.head["Authorization"] == "Basic \(credentials.base64EncodedString())"
        )
        #expect(question.head["Accept"] == "application/json")
        #expect(question.head["Content-Type"] == "application/x-www-form-urlencoded")
    }

    @Test func `a token that is not active, not for us or bound is refused by its code`() throws {
        let server = try AuthorizationServer()
        defer { server.stop() }
        let scene = try scene(server)
        defer { scene.end() }
        let thumbprint = String(repeating: "A", count: 43)
        server.know("other", ["aud": "https://beta.test"])
        server.know("issuer", ["iss": "https://idp.test"])
        server.know("expired", ["exp": 1_000_000_000])
        server.know("bound", ["cnf": ["jkt": .string(thumbprint)], "token_type": "DPoP"])
        server.know("certificate", ["cnf": ["x5t#S256": .string(thumbprint)]])
        server.know("strange", ["cnf": ["kid": "x"]])
        server.know("refresh", ["token_use": "refresh_token"])
        let cases = [
            ("unknown", "token-inactive"), ("other", "token-audience"), ("issuer", "token-issuer"),
            ("expired", "token-expired"), ("bound", "token-binding"),
            ("certificate", "token-binding"), ("strange", "token-binding"),
            ("refresh", "token-type"), ("a b", "token-malformed"),
        ]
        for (token, code) in cases {
            let response = try ask(scene, token)
            #expect(response.status == 401, "\(token)")
            #expect(response.code == code, "\(token)")
        }
        #expect(!server.asked.contains("a b"))
        server.know("auditor", ["roles": ["auditor"]])
        #expect(try ask(scene, "auditor").status == 403)
    }

    @Test func `answers are remembered, good and bad, by all loops together`() throws {
        let server = try AuthorizationServer()
        defer { server.stop() }
        let scene = try scene(server)
        defer { scene.end() }
        server.know("good")
        for _ in 0..<12 {
            #expect(try ask(scene, "good").status == 200)
            #expect(try ask(scene, "bad").status == 401)
        }
        #expect(server.asked == ["good", "bad"])
        // Other rules: what was found under the old ones counts no more.
        #expect(try scene.admin("POST", "/reload").status == 200)
        #expect(try ask(scene, "good").status == 200)
        #expect(server.asked == ["good", "bad", "good"])
    }

    @Test func `nothing is remembered with cache 0s, nor beyond exp`() throws {
        let server = try AuthorizationServer()
        defer { server.stop() }
        let uncached = try scene(server, cache: "0s")
        defer { uncached.end() }
        server.know("good")
        for _ in 0..<3 { #expect(try ask(uncached, "good").status == 200) }
        #expect(server.asked == ["good", "good", "good"])
        let scene = try scene(server, cache: "1h", ["leeway 0s"])
        defer { scene.end() }
        server.know("short", ["exp": .number((Date().timeIntervalSince1970 + 3).rounded())])
        #expect(try ask(scene, "short").status == 200)
        let deadline = Deadline(seconds: 15)
        while try ask(scene, "short").status == 200, !deadline.hasPassed {}
        #expect(try ask(scene, "short").code == "token-expired")
        #expect(server.asked.filter { $0 == "short" }.count == 2)
    }

    @Test func `a hundred calls with one token at one time ask once`() throws {
        let server = try AuthorizationServer()
        defer { server.stop() }
        let scene = try scene(server, cache: "0s")
        defer { scene.end() }
        server.know("good")
        server.isHeld.update { $0 = true }
        let conversations = try (0..<100).map { _ in try scene.connect() }
        defer { for conversation in conversations { conversation.close() } }
        for conversation in conversations {
            try conversation.send(Request("GET", "/guarded/x").bearing("good"))
        }
        let deadline = Deadline(seconds: 4)
        while try scene.metric("postern_introspection_shared_total") != 99, !deadline.hasPassed {}
        server.isHeld.update { $0 = false }
        for conversation in conversations { #expect(try conversation.response().status == 200) }
        #expect(server.asked == ["good"])
    }

    @Test func `an endpoint that is down is 503, is told of once, and recovers`() throws {
        let server = try AuthorizationServer()
        defer { server.stop() }
        let scene = try scene(server)
        defer { scene.end() }
        server.know("good")
        server.know("remembered")
        #expect(try ask(scene, "remembered").status == 200)
        server.stop()
        for _ in 0..<5 {
            let response = try ask(scene, "good")
            #expect(response.status == 503)
            #expect(response.code == "introspection-unavailable")
            #expect(response["Retry-After"] != nil)
            #expect(response["WWW-Authenticate"] == nil)
        }
        #expect(try ask(scene, "remembered").status == 200)
        #expect(try scene.admin("GET", "/readyz").status == 200)
        try server.restart()
        #expect(try ask(scene, "good").status == 200)
        let place = "http://127.0.0.1:\(server.port)/introspect"
        #expect(scene.gateway?.waitForErrors("tokens can be looked up at \(place) again") == true)
        let told = scene.complaints.components(separatedBy: "tokens cannot be looked up at")
        #expect(told.count == 2, "\(scene.complaints)")
        let unavailable = #"postern_introspection_requests_total{outcome="unavailable"}"#
        #expect(try scene.metric(unavailable) == 5)
    }

    @Test("an answer that says nothing is 503", arguments: [401, 403, 404, 500])
    func statuses(_ status: Int) throws {
        let server = try AuthorizationServer()
        defer { server.stop() }
        let scene = try scene(server)
        defer { scene.end() }
        server.know("good")
        server.status.update { $0 = status }
        #expect(try ask(scene, "good").code == "introspection-unavailable")
        server.status.update { $0 = 200 }
        #expect(try ask(scene, "good").status == 200)
    }

    @Test func `an endpoint that hangs holds up nobody else and ends in 503`() throws {
        let server = try AuthorizationServer()
        defer { server.stop() }
        let scene = try scene(server)
        defer { scene.end() }
        server.know("good")
        #expect(try ask(scene, "good").status == 200)
        server.isHeld.update { $0 = true }
        let waiting = try scene.connect()
        defer { waiting.close() }
        try waiting.send(Request("GET", "/guarded/x").bearing("other"))
        #expect(try ask(scene, "good").status == 200)
        #expect(try scene.exchange(Request("GET", "/open/x")).status == 200)
        let response = try waiting.response(seconds: 15)
        #expect(response.status == 503)
        #expect(response.code == "introspection-unavailable")
    }

    @Test func `with keys too, JWTs are verified with them and other tokens looked up`() throws {
        let server = try AuthorizationServer()
        defer { server.stop() }
        let scene = try scene(server, ["keys file:keys.json"])
        defer { scene.end() }
        server.know("good")
        #expect(try ask(scene, TokenOrder().signed()).status == 200)
        let forged = try TokenOrder(key: IdentityProvider.shared().stranger).signed()
        #expect(try ask(scene, forged).code == "token-signature")
        #expect(server.asked == [])
        #expect(try ask(scene, "good").status == 200)
        #expect(server.asked == ["good"])
    }

    @Test func `over TLS the endpoint's certificate is verified`() throws {
        let server = try AuthorizationServer()
        defer { server.stop() }
        server.know("good")
        let proxy = try TLSFront(of: server.port, certificate: "upstream")
        let url = "https://localhost:\(proxy.port)/introspect"
        let trusting = try GatewayScene.serving(.introspecting(url, ca: true))
        defer { trusting.end() }
        #expect(try ask(trusting, "good").status == 200)
        #expect(server.asked == ["good"])
        let doubting = try GatewayScene.serving(.introspecting(url))
        defer { doubting.end() }
        #expect(try ask(doubting, "good").code == "introspection-unavailable")
        #expect(server.asked == ["good"])
        #expect(doubting.gateway?.waitForErrors("tls failed: ") == true)
    }

    @Test func `neither token nor secret is written anywhere`() throws {
        let server = try AuthorizationServer()
        defer { server.stop() }
        let scene = try scene(server)
        server.know("s3cret-token")
        #expect(try ask(scene, "s3cret-token").status == 200)
        #expect(try ask(scene, "s3cret-bad").status == 401)
        server.stop()
        #expect(try ask(scene, "s3cret-late").status == 503)
        let metrics = try scene.admin("GET", "/metrics").text
        let ready = try scene.admin("GET", "/readyz").text
        let printed = try scene.events().map(\.description).joined()
        scene.end()
        var places = ["metrics": metrics, "readyz": ready, "events": printed]
        places["stderr"] = scene.complaints
        places["stdout"] = scene.gateway?.outputText
        for (file, contents) in try scene.folder.contents(below: "events") {
            places[file] = String(decoding: contents, as: UTF8.self)
        }
        for (place, text) in places { #expect(!text.contains("s3cret"), "in \(place)") }
    }
}
