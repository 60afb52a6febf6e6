import Testing

@Suite("Expect: 100-continue", .scene(.with { $0.limits = ["request-body 100KB"] }))
struct ExpectTests {
    @Test func `the body is asked for, then answered`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        for _ in 0..<2 {
            try conversation.send(Self.head("/open/x", length: 5))
            #expect(try conversation.anyHead().status == 100)
            try conversation.send("hello")
            let response = try conversation.response()
            #expect(response.status == 200)
            #expect(response.text == "hello")
        }
    }

    @Test func `a body that does not wait is taken as well`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        try conversation.send(Self.head("/open/x", length: 5) + "hello")
        #expect(try conversation.response().text == "hello")
    }

    @Test func `a chunked body is asked for`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        try conversation.send(
            "POST /open/x HTTP/1.1\r\nHost: acme.test\r\nTransfer-Encoding: chunked\r\n"
                + "Expect: 100-continue\r\n\r\n"
        )
        #expect(try conversation.anyHead().status == 100)
        try conversation.send("5\r\nhello\r\n0\r\n\r\n")
        #expect(try conversation.response().text == "hello")
    }

    @Test(
        "what is refused is refused before the body",
        arguments: [
            ("/unnamed", 5, 404), ("/guarded/x", 5, 401), ("/open//x", 5, 400),
            ("/open/x", 5_000_000, 413),
        ]
    )
    func refusedFirst(_ target: String, _ length: Int, _ status: Int) throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        try conversation.send(Self.head(target, length: length))
        #expect(try conversation.anyHead().status == status)
    }

    @Test func `the upstream is not asked to expect`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        try conversation.send(Self.head("/open/expecting", length: 5) + "hello")
        #expect(try conversation.response().status == 200)
        #expect(try scene.upstream.wait(for: "/open/expecting").isComplete)
    }

    @Test func `an HTTP 1.0 client is never sent a 100`() throws {
        let conversation = try GatewayScene.here().connect()
        try conversation.send(
            "POST /open/x HTTP/1.0\r\nHost: acme.test\r\nContent-Length: 5\r\n"
                + "Expect: 100-continue\r\n\r\nhello"
        )
        #expect(try conversation.anyHead().status == 200)
    }

    private static func head(_ target: String, length: Int) -> String {
        "POST \(target) HTTP/1.1\r\nHost: acme.test\r\nContent-Length: \(length)\r\n"
            + "Expect: 100-continue\r\n\r\n"
    }
}
