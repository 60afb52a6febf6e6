import Testing

@Suite(
    "Limits",
    .scene(
        .with { settings in
            settings.limits = [
                "request-header 4KB", "request-fields 20", "request-body 10KB", "token-size 2KB",
            ]
        }
    )
)
struct LimitTests {
    @Test(
        "a body at the limit passes, one beyond it does not",
        arguments: [(10_240, 200), (10_241, 413)]
    )
    func bodySize(_ size: Int, _ status: Int) throws {
        let body = [UInt8](repeating: 0x61, count: size)
        let response = try GatewayScene.here().exchange(Request("POST", "/open/x").with(body: body))
        #expect(response.status == status)
    }

    @Test func `chunks beyond the limit are refused, and nothing whole arrives`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        let chunk = "1000\r\n" + String(repeating: "a", count: 4_096) + "\r\n"
        try? conversation.send(
            "POST /open/too-many HTTP/1.1\r\nHost: acme.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunk + chunk + chunk + "0\r\n\r\n"
        )
        let response = try conversation.response()
        #expect(response.status == 413)
        #expect(!scene.upstream.arrivals(at: "/open/too-many").contains { $0.isComplete })
    }

    @Test func `a refused body does not become the next request`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        let hidden = Request("GET", "/open/hidden").bytes
        let padding = [UInt8](repeating: 0x0A, count: 20_000)
        try? conversation.send(
            Array(
                ("POST /open/x HTTP/1.1\r\nHost: acme.test\r\n"
                    + "Content-Length: \(hidden.count + padding.count)\r\n\r\n").utf8
            ) + hidden + padding
        )
        #expect(try conversation.response().status == 413)
        #expect(scene.upstream.arrivals(at: "/open/hidden").isEmpty)
    }

    @Test func `too many fields are refused`() throws {
        let scene = try GatewayScene.here()
        var request = Request("GET", "/open/x")
        for index in 0..<15 { request = request.with("A\(index)", "b") }
        #expect(try scene.exchange(request).status == 200)
        for index in 15..<25 { request = request.with("A\(index)", "b") }
        #expect(try scene.exchange(request).status == 431)
    }

    @Test func `a head too large is refused`() throws {
        let scene = try GatewayScene.here()
        let request = Request("GET", "/open/x")
        #expect(
            try scene.exchange(request.with("A", .init(repeating: "a", count: 3_000))).status == 200
        )
        #expect(
            try scene.exchange(request.with("A", .init(repeating: "a", count: 5_000))).status == 431
        )
    }

    @Test func `a target too long is refused`() throws {
        let target = "/open/" + String(repeating: "a", count: 5_000)
        #expect(try GatewayScene.here().exchange(Request("GET", target)).status == 414)
    }

    @Test func `a token too long is refused`() throws {
        let token = try TokenOrder().with(claim: "x", .string(.init(repeating: "a", count: 2_000)))
            .signed()
        let response = try GatewayScene.here().exchange(Request("GET", "/guarded/x").bearing(token))
        #expect(response.status == 401)
        #expect(response.code == "token-malformed")
    }

    @Test func `nothing refused for its size reaches the upstream`() throws {
        let scene = try GatewayScene.here()
        _ = try scene.exchange(
            Request("POST", "/open/size").with(body: [UInt8](repeating: 0x61, count: 20_000))
        )
        #expect(!scene.upstream.arrivals(at: "/open/size").contains { $0.isComplete })
    }
}

@Suite("Connection limits", .serialized)
struct ConnectionLimitTests {
    @Test(
        "connections beyond the limit are not served",
        arguments: ["connections", "connections-per-address"]
    )
    func beyond(_ limit: String) throws {
        let scene = try GatewayScene.serving(
            .with { settings in
                settings.limits = ["\(limit) 8"]
                settings.topLevel = ["workers 1", "drain 3s"]
            }
        )
        defer { scene.end() }
        var served: [Conversation] = []
        var refused = 0
        for _ in 0..<16 {
            if let conversation = try? scene.connect(),
                (try? conversation.exchange(Request("GET", "/open/x"), seconds: 3).status) == 200
            {
                served.append(conversation)
            } else {
                refused += 1
            }
        }
        #expect(served.count <= 8)
        #expect(served.count >= 6)
        #expect(refused >= 8)
        for conversation in served { conversation.close() }
        let deadline = Deadline(seconds: 5)
        var isServed = false
        while !isServed, !deadline.hasPassed {
            isServed = (try? scene.exchange(Request("GET", "/open/x")).status) == 200
        }
        #expect(isServed, "places are given back")
    }
}
