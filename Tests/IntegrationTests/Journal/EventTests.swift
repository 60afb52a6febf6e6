import Foundation
import Testing

@Suite(
    "Events",
    .scene(
        .with { settings in
            settings.upstream = ["response-timeout 600ms"]
            settings.limits = ["body-timeout 1s"]
        },
        upstream: EventScript.answer
    )
)
struct EventTests {
    /// A call and the events it must leave.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var make: @Sendable () throws -> Request
        var family: String
        var outcome: String
        var status: Int
        var code: String?
        var testDescription: String { name }

        init(
            _ name: String,
            _ family: String,
            _ outcome: String,
            _ status: Int,
            _ code: String? = nil,
            make: @escaping @Sendable () throws -> Request
        ) {
            self.name = name
            self.family = family
            self.outcome = outcome
            self.status = status
            self.code = code
            self.make = make
        }
    }

    static let calls: [Case] = [
        Case("an offer", create, "SUCCESS", 201) {
            Request("POST", ScenePolicy.offers).bearing(try TokenOrder().signed()).with(body: "{}")
        },
        Case("a forbidden offer", create, "FAIL", 403, "role-missing") {
            Request("POST", ScenePolicy.offers)
                .bearing(try TokenOrder(roles: ["auditor"]).signed()).with(body: "{}")
        },
        Case("a deletion", "OPENID_PRE_AUTHORIZED_OFFER_DELETE", "SUCCESS", 204) {
            Request("DELETE", ScenePolicy.offer).bearing(try TokenOrder().signed())
        },
        Case("an authorization", "OPENID_AUTHORIZE", "SUCCESS", 302) {
            Request("GET", "/v1/oauth/authorize?response_type=code")
        },
        Case("a wallet's call", "OPENID_CREDENTIAL", "FAIL", 401) {
            Request("POST", "/v1/openid/credential").with(body: "{}")
                .with("Authorization", "Bearer of-the-wallet")
        },
        Case("a denied caller", "TEST_UNAUDITED", "FAIL", 403) {
            Request("GET", "/unaudited").bearing(try TokenOrder(roles: ["auditor"]).signed())
        },
        Case("an upstream that says 404", "TEST_OPEN", "FAIL", 404) { Request("GET", "/open/404") },
        Case("an upstream that says 500", "TEST_OPEN", "FAIL", 500) { Request("GET", "/open/500") },
        Case("an upstream that says 399", "TEST_OPEN", "SUCCESS", 399) {
            Request("GET", "/open/399")
        },
        Case("a HEAD", "TEST_OPEN", "SUCCESS", 200) { Request("HEAD", "/open/200") },
        Case("an upstream that hangs", "TEST_OPEN", "FAIL", 504, "upstream-timeout") {
            Request("GET", "/open/hang")
        },
        Case("an upstream that closes", "TEST_OPEN", "FAIL", 502) {
            Request("POST", "/open/close").with(body: "x")
        },
        Case("a body too large", "TEST_OPEN", "FAIL", 413) {
            Request("POST", "/open/200").with("Content-Length", "99000000")
                .with("Expect", "100-continue")
        },
    ]

    private static let create = "OPENID_PRE_AUTHORIZED_OFFER_CREATE"

    @Test("every call has one START and one outcome", arguments: calls)
    func oneStartOneOutcome(_ example: Case) throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(example.make())
        #expect(response.status == example.status, "\(response.text)")
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        #expect(
            events.map(\.type).sorted()
                == ["\(example.family)_START", "\(example.family)_\(example.outcome)"].sorted()
        )
        for event in events { try expectShape(event, example) }
        let end = events.first { $0.isOutcome }
        #expect(end?.data?["status"]?.number == Double(example.status))
        if let code = example.code { #expect(end?.names(code) == true, "\(events)") }
    }

    @Test func `the data tell route, method, statuses and duration`() throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(Request("GET", "/open/404"))
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        let data = events.first { $0.isOutcome }?.data
        #expect(data?["route"]?.string == "open")
        #expect(data?["method"]?.string == "GET")
        #expect(data?["status"]?.number == 404)
        #expect(data?["upstreamStatus"]?.number == 404)
        #expect((data?["durationMs"]?.number ?? -1) >= 0)
    }

    @Test func `the caller is named by its token alone`() throws {
        let scene = try GatewayScene.here()
        let token = try TokenOrder().signed()
        let guarded = try scene.exchange(Request("GET", "/guarded/200").bearing(token))
        let named = try scene.events(ofRequest: guarded["X-Request-Id"] ?? "none")
        #expect(named.map(\.clientId) == ["client-1", "client-1"])
        #expect(named.map(\.tenantId) == ["acme", "acme"])
        let open = try scene.exchange(
            Request("GET", "/open/200?client_id=evil").bearing(token).with(
                "X-Postern-Client",
                "evil"
            )
        )
        let unnamed = try scene.events(ofRequest: open["X-Request-Id"] ?? "none")
        #expect(unnamed.count == 2)
        for event in unnamed {
            #expect(event.clientId == nil)
            #expect(event.tenantId == "acme")
            #expect(event.json["requestIp"]?.string == "127.0.0.1")
        }
    }

    @Test func `a client that goes away leaves a FAIL`() throws {
        let scene = try GatewayScene.here()
        let identifier = "0190163d-8694-739b-aea5-966c26f8ad91"
        let conversation = try scene.connect()
        // Its own target: the scene is shared with tests that run at the same time.
        try conversation.send(Request("GET", "/open/slow?gone").with("X-Request-Id", identifier))
        let arrived = scene.upstream.waitUntil {
            $0.arrivals.contains { $0.target == "/open/slow?gone" }
        }
        #expect(arrived)
        conversation.wire.abort()
        let events = try scene.events(ofRequest: identifier)
        #expect(events.map(\.type).sorted() == ["TEST_OPEN_FAIL", "TEST_OPEN_START"])
    }

    @Test func `a client that goes away in the middle of its body leaves a FAIL`() throws {
        let scene = try GatewayScene.here()
        let identifier = "0190163d-8694-739b-aea5-966c26f8ad92"
        let conversation = try scene.connect()
        try conversation.send(
            "POST /open/200 HTTP/1.1\r\nHost: acme.test\r\nX-Request-Id: \(identifier)\r\n"
                + "Content-Length: 100\r\n\r\nhalf"
        )
        let begun = try scene.events(["--request", identifier]) { !$0.isEmpty }
        #expect(begun.map(\.type) == ["TEST_OPEN_START"])
        conversation.wire.abort()
        let events = try scene.events(ofRequest: identifier)
        #expect(events.map(\.type).sorted() == ["TEST_OPEN_FAIL", "TEST_OPEN_START"])
    }

    @Test func `an answer that breaks off is a FAIL`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        try conversation.send(Request("GET", "/open/short"))
        let identifier = try conversation.head()["X-Request-Id"] ?? "none"
        #expect(conversation.isClosed() || true)
        let events = try scene.events(ofRequest: identifier)
        #expect(events.map(\.type).sorted() == ["TEST_OPEN_FAIL", "TEST_OPEN_START"])
    }

    @Test func `the START is there before the upstream sees the call`() throws {
        let scene = try GatewayScene.here()
        let identifier = "0190163d-8694-739b-aea5-966c26f8ad93"
        let conversation = try scene.connect()
        defer { conversation.close() }
        try conversation.send(Request("GET", "/open/slow").with("X-Request-Id", identifier))
        let arrived = scene.upstream.waitUntil { record in
            record.arrivals.contains { $0.head["X-Request-Id"] == identifier }
        }
        #expect(arrived)
        let events = try scene.events(["--request", identifier])
        #expect(events.contains { $0.type == "TEST_OPEN_START" })
    }

    @Test func `identifiers of events are their own`() throws {
        let scene = try GatewayScene.here()
        for _ in 0..<20 { _ = try scene.exchange(Request("GET", "/open/200")) }
        let identifiers = try scene.events().compactMap { $0.json["id"]?.string }
        #expect(identifiers.count >= 40)
        #expect(Set(identifiers).count == identifiers.count)
    }

    private func expectShape(_ event: Event, _ example: Case) throws {
        #expect(event.json["version"]?.string == "1")
        #expect(event.json["category"]?.string?.isEmpty == false)
        if example.family.hasPrefix("OPENID") { #expect(event.json["category"] == "openid") }
        #expect(event.tenantId == "acme")
        let timestamp = event.json["timestamp"]?.string ?? ""
        let shape = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/
        #expect(timestamp.wholeMatch(of: shape) != nil, "\(timestamp)")
    }
}

private enum EventScript {
    static let answer: RecordingUpstream.Script = { call in
        _ = try call.body()
        switch call.path {
        case "/open/hang", "/open/slow": _ = call.waitForEnd(seconds: 2)
        case "/open/close": call.close()
        case "/open/short":
            try call.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")
            call.close()
        case ScenePolicy.offers: try call.respond(201, text: "{}")
        case ScenePolicy.offer: try call.respond(204)
        case "/v1/oauth/authorize":
            try call.respond(302, [Field("Location", "https://wallet.test/cb?code=c0de")])
        case "/v1/openid/credential": try call.respond(401, text: "{}")
        default:
            let status = call.path.split(separator: "/").last.flatMap { Int($0) } ?? 200
            try call.respond(status, text: "x")
        }
    }
}

@Suite(
    "Events at level 1",
    .scene(.with { $0.analytics = ["level 1"] })
)
struct LevelTests {
    @Test func `nothing but metadata is written`() throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(Request("GET", "/open/x?secret=1"))
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        #expect(events.count == 2)
        #expect(events.allSatisfy { $0.data == nil })
    }
}
