import Testing

/// What can go wrong around a body that is held.
@Suite("Held bodies in trouble", .serialized)
struct HeldBodyFailureTests {
    private static let script: RecordingUpstream.Script = { call in
        switch call.path {
        case "/json/early":
            try call.respond(409, text: "no need to go on")
            _ = call.waitForEnd(seconds: 0.5)
            call.close()
        case "/json/dies":
            _ = try call.body()
            call.close()
        default: try call.respond(200, body: try call.body())
        }
    }

    private static let large = Array("[\"\(String(repeating: "z", count: 900_000))\"]".utf8)

    @Test func `a body that stops coming is given up`() throws {
        let scene = try GatewayScene.serving(
            .with {
                $0.policy = SchemaPolicy.text
                $0.limits = ["body-timeout 600ms"]
            }
        )
        defer { scene.end() }
        let conversation = try scene.connect()
        let bytes = HeldBodyTests.bytes("/json/slow", Array("[1,2,3]".utf8), "length")
        try conversation.send(Array(bytes.dropLast(3)))
        #expect(try conversation.response().status == 408)
        #expect(conversation.isClosed())
        #expect(scene.upstream.arrivals.isEmpty)
    }

    @Test func `an issuer that is not there is a 502, and the connection goes on`() throws {
        let scene = try GatewayScene.serving(
            .with {
                $0.policy = SchemaPolicy.text
                $0.servers = ["http://127.0.0.1:\((try? FreePort.next()) ?? 1)"]
            }
        )
        defer { scene.end() }
        let conversation = try scene.connect()
        defer { conversation.close() }
        for body in ["1", String(decoding: Self.large, as: UTF8.self), "2"] {
            let response = try conversation.exchange(
                Request("POST", "/json/nobody").with(body: body)
            )
            #expect(response.status == 502)
            #expect(!response.saysClose)
        }
    }

    @Test func `a request with a body is not sent twice`() throws {
        let scene = try GatewayScene.serving(SchemaPolicy.settings, upstream: Self.script)
        defer { scene.end() }
        let conversation = try scene.connect()
        defer { conversation.close() }
        #expect(try conversation.exchange(Request("GET", "/open/warm")).status == 200)
        let dying = Request("POST", "/json/dies").with(body: "1")
        #expect(try conversation.exchange(dying).status == 502)
        #expect(scene.upstream.arrivals(at: "/json/dies").count == 1)
        #expect(try conversation.exchange(Request("GET", "/open/next")).status == 200)
    }

    @Test func `an answer that comes before the body has passed is relayed`() throws {
        let scene = try GatewayScene.serving(SchemaPolicy.settings, upstream: Self.script)
        defer { scene.end() }
        let conversation = try scene.connect()
        defer { conversation.close() }
        for _ in 0..<3 {
            let request = Request("POST", "/json/early").with(body: Self.large)
                .with("Content-Type", "application/json")
            let response = try conversation.exchange(request)
            #expect(response.status == 409)
            #expect(response.text == "no need to go on")
        }
        #expect(try conversation.exchange(Request("GET", "/open/next")).status == 200)
    }

    @Test func `a configuration that changes in the middle of a body loses no request`() throws {
        let scene = try GatewayScene.serving(SchemaPolicy.settings)
        defer { scene.end() }
        let second = try RecordingUpstream { call in
            _ = try call.body()
            try call.respond(200, text: "second")
        }
        defer { second.stop() }
        let conversation = try scene.connect()
        defer { conversation.close() }
        let bytes = HeldBodyTests.bytes("/json/reload", Self.large, "length")
        try conversation.send(Array(bytes.dropLast(5)))
        // Two tenants before this one now.
        try scene.rewrite { settings in
            settings.beta = nil
            settings.acme.hosts.append("newly.test")
            settings.servers = ["http://127.0.0.1:\(second.port)"]
        }
        #expect(try scene.admin("POST", "/reload").status == 200)
        try conversation.send(Array(bytes.suffix(5)))
        #expect(try conversation.response().text == "second")
        #expect(second.arrivals.first?.body == Self.large)
    }

    @Test func `no memory is kept of any end`() throws {
        let scene = try GatewayScene.serving(SchemaPolicy.settings, upstream: Self.script)
        defer { scene.end() }
        let meter = ProcessMeter(identifier: scene.gateway?.processIdentifier ?? 0)
        func round(_ count: Int) throws {
            for _ in 0..<count {
                let conversation = try scene.connect()
                let whole = HeldBodyTests.bytes("/json/whole", Self.large, "chunked")
                try conversation.send(whole)
                #expect(try conversation.response(seconds: 20).status == 200)
                try conversation.send(HeldBodyTests.bytes("/json/bad", Self.large + [1], "length"))
                #expect(try conversation.response(seconds: 20).status == 400)
                try conversation.send(Array(whole.dropLast(100_000)))
                conversation.wire.abort()
            }
        }
        try round(20)
        let before = meter.anonymousBytes
        try round(60)
        let growth = meter.anonymousBytes - before
        #expect(growth < 16 << 20, "\(growth >> 10) KB after 60 rounds of 2.6 MB")
    }
}
