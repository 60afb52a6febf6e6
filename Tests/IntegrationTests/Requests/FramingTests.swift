import Testing

@Suite("Framing", .scene())
struct FramingTests {
    @Test(
        "what is not exactly one message is refused, and the connection closed",
        arguments: FramingCase.bodyFraming + FramingCase.syntax + FramingCase.sizes
    )
    func refused(_ example: FramingCase) throws {
        try expectRefusal(example, splitInto: .max)
    }

    @Test("a broken chunk never completes a request", arguments: FramingCase.chunks)
    func brokenChunk(_ example: FramingCase) throws {
        try expectRefusal(example, splitInto: .max)
    }

    @Test(
        "how the bytes were split changes nothing",
        arguments: (FramingCase.bodyFraming + FramingCase.syntax).filter { $0.text.count < 300 }
            .enumerated().filter { $0.offset % 4 == 0 }.map(\.element)
    )
    func split(_ example: FramingCase) throws {
        try expectRefusal(example, splitInto: 1)
    }

    @Test func `nothing after a refused request is read`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        try conversation.send(
            "POST /open/first HTTP/1.1\r\nHost: acme.test\r\nContent-Length: 0\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                + "GET /open/smuggled HTTP/1.1\r\nHost: acme.test\r\n\r\n"
        )
        #expect(try conversation.response().status == 400)
        #expect(conversation.isClosed())
        #expect(scene.upstream.arrivals(at: "/open/smuggled").isEmpty)
    }

    @Test("one method is never another", arguments: ["TRACE", "CONNECT"])
    func neverForwarded(_ method: String) throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(Request(method, "/open/method-\(method)"))
        #expect((400...501).contains(response.status))
        #expect(scene.upstream.arrivals(at: "/open/method-\(method)").isEmpty)
    }

    @Test func `CONNECT to an authority opens no tunnel`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        try conversation.send("CONNECT acme.test:443 HTTP/1.1\r\nHost: acme.test:443\r\n\r\n")
        #expect((400...501).contains(try conversation.head(to: "GET").status))
    }

    @Test("an Upgrade is never forwarded", arguments: ["websocket", "h2c"])
    func upgrade(_ kind: String) throws {
        let scene = try GatewayScene.here()
        let target = "/open/upgrade-\(kind)"
        let response = try scene.exchange(
            Request("GET", target).with("Connection", "Upgrade, HTTP2-Settings")
                .with("Upgrade", kind).with("HTTP2-Settings", "AAMAAABkAAQAAP__")
        )
        #expect(response.status != 101)
        for arrival in scene.upstream.arrivals(at: target) {
            #expect(arrival.head["Upgrade"] == nil)
            #expect(arrival.head["HTTP2-Settings"] == nil)
        }
    }

    @Test(
        "unusual but correct messages pass",
        arguments: [
            FramingCase.get("a value without a space", "A:b"),
            .get("a value with blanks around it", "A: \t b \t "),
            .get("an empty value", "A:"),
            .get("a name with every token character", "!#$%&'*+-.^_`|~09aZ: b"),
            .post("a coding in capitals", "Transfer-Encoding: CHUNKED", "5\r\nhello\r\n0\r\n\r\n"),
            .post("blanks around a length", "Content-Length:  5 "),
            .post(
                "a chunk size in capitals",
                "Transfer-Encoding: chunked",
                "A\r\n0123456789\r\n0\r\n\r\n"
            ),
            .post(
                "a chunk size with zeros",
                "Transfer-Encoding: chunked",
                "0005\r\nhello\r\n0\r\n\r\n"
            ),
            .post("a body of nothing", "Content-Length: 0", ""),
            .get("90 fields", (0..<90).map { "A\($0): b" }.joined(separator: "\r\n")),
            .get("20 KB of fields", "A: " + String(repeating: "a", count: 20_000)),
            .get("a Connection with an unknown option", "Connection: keep-alive, x-unknown"),
            FramingCase(
                "an empty line before the request",
                "\r\nGET @ HTTP/1.1\r\nHost: acme.test\r\n\r\n"
            ),
        ]
    )
    func accepted(_ example: FramingCase) throws {
        let scene = try GatewayScene.here()
        for size in [Int.max, 1] where size == .max || example.bytes.count < 500 {
            let conversation = try scene.connect()
            defer { conversation.close() }
            try conversation.send(example.bytes, inPiecesOf: size)
            #expect(try conversation.response().status == 200, "in pieces of \(size)")
        }
        let arrival = try scene.upstream.wait(for: example.target)
        #expect(arrival.isComplete)
        #expect(arrival.fault == nil)
    }

    @Test(
        "a chunk extension does not reach the upstream",
        arguments: ["5;a=b", "5;a=\"b;c\"", "5 ;a"]
    )
    func chunkExtension(_ size: String) throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        let target = "/open/extension-\(size.filter(\.isLetter).count)-\(size.count)"
        try conversation.send(
            "POST \(target) HTTP/1.1\r\nHost: acme.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "\(size)\r\nhello\r\n0\r\n\r\n"
        )
        let status = try conversation.response().status
        #expect(status == 200 || status == 400)
        if status == 200 {
            #expect(try scene.upstream.wait(for: target).body == Array("hello".utf8))
        }
    }

    private func expectRefusal(_ example: FramingCase, splitInto size: Int) throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        do {
            try conversation.send(example.bytes, inPiecesOf: size)
        } catch Trouble.reset {
            // The gateway answered and closed before it was sent everything.
        }
        let response = try conversation.response()
        #expect(example.statuses.contains(response.status), "got \(response.status)")
        #expect(response["X-Request-Id"] != nil)
        #expect(conversation.isClosed(), "the connection stays open")
        let arrivals =
            scene.upstream.arrivals(at: example.target + " ")
            + scene.upstream.arrivals.filter { $0.target == example.target }
        #expect(!arrivals.contains { $0.isComplete }, "the upstream got it")
    }
}
