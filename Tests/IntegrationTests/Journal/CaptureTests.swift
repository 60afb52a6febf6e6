import Foundation
import Testing

/// What the built-in policy writes down, member by member.
@Suite("What is captured")
struct CaptureTests {
    @Test("each event has exactly its members, by the level", arguments: [1, 2, 3])
    func members(_ level: Int) throws {
        let scene = try CaptureScene.serving { $0.analytics = ["level \(level)"] }
        defer { scene.end() }
        for call in CaptureScene.calls {
            let request = try call.request()
            let response = try scene.exchange(request)
            #expect(response.status == call.status, "\(call.family) \(response.text)")
            let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
            #expect(events.count == 2)
            for event in events {
                let expected = event.isStart ? call.start : call.outcome
                let sensitive = event.isStart ? call.sensitive : [:]
                guard level > 1 else {
                    #expect(event.data == nil)
                    continue
                }
                let all = expected.merging(level > 2 ? sensitive : [:]) { member, _ in member }
                #expect(CaptureScene.told(event) == all, "\(event)")
            }
        }
    }

    @Test("a level of a tenant's own counts, also after a reload")
    func ofTenant() throws {
        let scene = try CaptureScene.serving { settings in
            settings.analytics = ["level 1"]
            settings.acme.routes = "level 3"
        }
        defer { scene.end() }
        #expect(try CaptureScene.offer(scene)["claims"] != nil)
        try scene.rewrite { $0.acme.routes = "level 2" }
        #expect(try scene.admin("POST", "/reload").status == 200)
        let start = try CaptureScene.offer(scene)
        #expect(start["claims"] == nil && start["userId"] == "user-1")
        try scene.rewrite { $0.acme.routes = "" }
        #expect(try scene.admin("POST", "/reload").status == 200)
        let response = try scene.exchange(CaptureScene.offerRequest())
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        #expect(events.map { $0.data == nil } == [true, true])
    }

    @Test("a body is captured however it comes, and arrives as it was", arguments: [1, 50, 10_000])
    func pieces(_ size: Int) throws {
        let scene = try CaptureScene.serving()
        defer { scene.end() }
        let token = try TokenOrder().signed()
        for framing in ["length", "chunked"] {
            let conversation = try scene.connect()
            defer { conversation.close() }
            let body = Array(CaptureScene.offerBody.utf8)
            var bytes = HeldBodyTests.bytes(ScenePolicy.offers, body, framing)
            bytes.insert(
                contentsOf: Array("Authorization: Bearer \(token)\r\n".utf8),
                at: Array("POST \(ScenePolicy.offers) HTTP/1.1\r\n".utf8).count
            )
            try conversation.send(bytes, inPiecesOf: size)
            let response = try conversation.response()
            #expect(response.status == 201)
            let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
            let start = try #require(events.first { $0.isStart })
            #expect(CaptureScene.told(start)["credentials"] == ["profile-1"])
            #expect(try scene.upstream.wait(for: ScenePolicy.offers).body == body)
        }
    }

    @Test func `a refused caller leaves START and FAIL without a look at the body`() throws {
        let scene = try CaptureScene.serving()
        defer { scene.end() }
        let conversation = try scene.connect()
        defer { conversation.close() }
        let token = try TokenOrder(roles: ["auditor"]).signed()
        let request = Request("POST", ScenePolicy.offers).bearing(token)
            .with("Content-Type", "application/json").with("Content-Length", "1000")
        try conversation.send(request.bytes)
        let response = try conversation.response()
        #expect(response.code == "role-missing")
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        #expect(events.map(\.isStart) == [true, false])
        #expect(events.last?.names("role-missing") == true)
        #expect(CaptureScene.told(events[0]) == [:])
    }

    static let broken: [(name: String, body: String, code: String, told: [String: JSON])] = [
        ("no JSON", "{\"userId\":", "invalid-request", [:]),
        ("a member twice", "{\"userId\":1,\"userId\":2}", "invalid-request", [:]),
        ("not what it must be", "{\"userId\":\"u\"}", "invalid-request", ["userId": "u"]),
    ]

    @Test("a body that is refused leaves START and FAIL", arguments: broken)
    func refused(_ name: String, _ body: String, _ code: String, _ told: [String: JSON]) throws {
        let scene = try CaptureScene.serving()
        defer { scene.end() }
        let response = try scene.exchange(
            Request("POST", ScenePolicy.offers).bearing(TokenOrder().signed()).with(body: body)
        )
        #expect(response.code == code)
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        #expect(events.map(\.isStart) == [true, false])
        #expect(events.last?.names(code) == true)
        #expect(CaptureScene.told(events[0]) == told)
        #expect(events[0].clientId == "client-1")
    }

    @Test func `a body that never comes whole leaves one START and one FAIL`() throws {
        let scene = try CaptureScene.serving { $0.limits = ["body-timeout 500ms"] }
        defer { scene.end() }
        let token = try TokenOrder().signed()
        func begin(_ identifier: String) throws -> Conversation {
            let conversation = try scene.connect()
            let request = Request("POST", ScenePolicy.offers).bearing(token)
                .with("Content-Type", "application/json").with("Content-Length", "1000")
                .with("X-Request-Id", identifier).with("Expect", "100-continue")
            try conversation.send(request.bytes)
            #expect(try conversation.anyHead().status == 100)
            try conversation.send("{\"userId\":")
            return conversation
        }
        let slow = try begin("0190163d-8694-739b-aea5-966c26f8ad01")
        #expect(try slow.response().status == 408)
        let gone = try begin("0190163d-8694-739b-aea5-966c26f8ad02")
        gone.wire.abort()
        for (digit, code) in [(1, "request-timeout"), (2, "client-closed")] {
            let identifier = "0190163d-8694-739b-aea5-966c26f8ad0\(digit)"
            let events = try scene.events(ofRequest: identifier)
            #expect(events.map(\.isStart) == [true, false], "\(events)")
            #expect(events.last?.names(code) == true)
        }
        #expect(scene.upstream.arrivals.isEmpty)
    }

    @Test func `a configuration with fewer tenants in the middle of a body harms nothing`() throws {
        let scene = try CaptureScene.serving { settings in
            settings.beta = settings.acme
            settings.beta?.name = "other"
            settings.beta?.hosts = ["other.test"]
            settings.beta?.tokens = settings.acme.tokens
        }
        defer { scene.end() }
        let conversation = try scene.connect()
        defer { conversation.close() }
        let body = Array(CaptureScene.offerBody.utf8)
        let request = Request("POST", ScenePolicy.offers, host: "other.test")
            .bearing(try TokenOrder().signed()).with("Content-Type", "application/json")
            .with(body: body)
        let bytes = request.bytes
        try conversation.send(Array(bytes.dropLast(5)))
        try scene.rewrite { $0.beta = nil }
        #expect(try scene.admin("POST", "/reload").status == 200)
        try conversation.send(Array(bytes.suffix(5)))
        let response = try conversation.response()
        #expect(response.status == 201)
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        #expect(events.map(\.tenantId) == ["other", "other"])
        #expect(CaptureScene.told(events[0])["userId"] == "user-1")
    }

    @Test func `a body beyond 64 KB is not looked at, and passes`() throws {
        let scene = try CaptureScene.serving()
        defer { scene.end() }
        let filler = String(repeating: "x", count: 70_000)
        let body = "{\"credentials\":[\"a\"],\"userId\":\"u\",\"filler\":\"\(filler)\"}"
        let response = try scene.exchange(
            Request("POST", ScenePolicy.offers).bearing(TokenOrder().signed()).with(body: body)
        )
        #expect(response.status == 201)
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        #expect(CaptureScene.told(events[0]) == [:])
        #expect(events.last.map(CaptureScene.told)?["offerId"] == "offer-1")
    }

    static let redirects: [(location: String, type: String?)] = [
        ("https://wallet.test/cb?error=access_denied&state=x", "access_denied"),
        ("https://wallet.test/cb#error=invalid_scope", "invalid_scope"),
        ("https://wallet.test/cb?error=s3cret", "authorization-error"),
        ("https://wallet.test/cb?code=s3cret&state=x", nil),
        ("https://issuer.test/login?a=1", nil),
    ]

    @Test("a redirect with an error is a FAIL with that error", arguments: redirects)
    func redirect(_ location: String, _ type: String?) throws {
        let scene = try CaptureScene.serving(upstream: { call in
            _ = try call.body()
            try call.respond(302, [Field("Location", location)])
        })
        defer { scene.end() }
        let response = try scene.exchange(Request("GET", CaptureScene.authorize))
        #expect(response.status == 302)
        #expect(response["Location"] == location)
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        let end = try #require(events.last)
        #expect(end.type == (type == nil ? "OPENID_AUTHORIZE_SUCCESS" : "OPENID_AUTHORIZE_FAIL"))
        #expect(end.data?[["error", "type"]]?.string == type)
        #expect(end.data?["status"] == 302 && end.data?["code"] == nil)
    }

    @Test("on a route without the errors of OAuth too")
    func redirectElsewhere() throws {
        let scene = try CaptureScene.serving(
            { settings in
                settings.policy = settings.policy.replacing(
                    "code_challenge_method\n    errors oauth\n}",
                    with: "code_challenge_method\n}"
                )
            },
            upstream: { call in
                _ = try call.body()
                try call.respond(
                    302,
                    [Field("Location", "https://wallet.test/cb?error=access_denied")]
                )
            }
        )
        defer { scene.end() }
        let response = try scene.exchange(Request("GET", CaptureScene.authorize))
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        #expect(events.last?.type == "OPENID_AUTHORIZE_FAIL")
        #expect(events.last?.data?[["error", "type"]]?.string == "access_denied")
    }
}
