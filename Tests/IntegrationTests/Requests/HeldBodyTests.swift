import Testing

/// Bodies that are looked at before anything is forwarded.
@Suite("Bodies with a schema", .scene(SchemaPolicy.settings))
struct HeldBodyTests {
    static let good = #" {"credentials" : ["a", "\u0062"], "other":{"x":[1, 2.50]}}  "#

    @Test(
        "a good body arrives byte for byte, however it came",
        arguments: [1, 7, 60, 5_000],
        ["length", "chunked"]
    )
    func arrives(_ size: Int, _ framing: String) throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        let target = SchemaPolicy.offer + "?mode=fast&n=\(size)\(framing)"
        for _ in 0..<2 {
            let bytes = Self.bytes(target, Array(Self.good.utf8), framing)
            try conversation.send(bytes, inPiecesOf: size)
            let response = try conversation.response()
            #expect(response.status == 200)
            #expect(response.text == Self.good)
        }
        let arrival = try scene.upstream.wait(for: target)
        #expect(arrival.head.values("Content-Length") == ["\(Self.good.utf8.count)"])
        #expect(arrival.head["Transfer-Encoding"] == nil)
        #expect(arrival.head["Content-Type"] == "application/json")
        #expect(arrival.body == Array(Self.good.utf8))
    }

    @Test("large bodies pass whole", arguments: [14_000, 16_000, 66_000, 300_000, 1_000_000])
    func large(_ size: Int) throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        let body = Array("[\"\(String(repeating: "x", count: size))\"]".utf8)
        for framing in ["length", "chunked"] {
            try conversation.send(Self.bytes("/json/large", body, framing))
            let response = try conversation.response(seconds: 20)
            #expect(response.status == 200)
            #expect(response.body == body)
        }
    }

    static let bad: [(body: String, faults: [String])] = [
        ("{}", ["credentials"]), ("", ["body"]), ("{", ["body"]), ("[]", ["body"]),
        (#"{"credentials":["a",1],"expiresIn":{}}"#, ["credentials[1]", "expiresIn.minutes"]),
        (#"{"credentials":["a"],"credentials":["b"]}"#, ["body"]),
    ]

    @Test("a bad body never leaves", arguments: bad)
    func refused(_ body: String, _ faults: [String]) throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        let target = SchemaPolicy.offer + "?mode=slow&bad"
        for framing in ["length", "chunked"] {
            try conversation.send(Self.bytes(target, Array(body.utf8), framing))
            let response = try conversation.response()
            #expect(response.status == 400)
            #expect(response.code == "invalid-request")
            #expect(Details.short(response) == faults.map { "\($0)  body" })
        }
        #expect(try conversation.exchange(Request("GET", "/open/next")).status == 200)
        #expect(scene.upstream.arrivals(at: target).isEmpty)
    }

    @Test func `faults of path, query and body are in one answer`() throws {
        let response = try GatewayScene.here().exchange(
            Request("POST", "/v1/Wallet/offers/17?mode=x").with(body: "{}")
        )
        #expect(response.status == 400)
        #expect(
            Details.short(response) == [
                "kind Wallet path", "id 17 path", "mode x query", "credentials  body",
            ]
        )
    }

    static let types: [(target: String, fields: [(String, String)], status: Int)] = [
        ("/json/t", [("Content-Type", "application/json")], 200),
        ("/json/t", [("Content-Type", "Application/JSON; charset=UTF-8")], 200),
        ("/json/t", [("Content-Type", "application/json;charset=\"utf-8\"")], 200),
        ("/json/t", [("Content-Type", "application/json; charset=utf-16")], 415),
        ("/json/t", [("Content-Type", "application/jsonp")], 415),
        ("/json/t", [("Content-Type", "text/plain")], 415), ("/json/t", [], 415),
        (
            "/json/t",
            [("Content-Type", "application/json"), ("Content-Type", "application/json")], 415
        ),
        ("/json/t", [("Content_Type", "application/json")], 415),
        (
            "/json/t", [("Content-Type", "application/json"), ("Content-Encoding", "gzip")], 415
        ),
        ("/custom", [("Content-Type", "application/vnd.offer+json")], 200),
        ("/custom", [("Content-Type", "application/json")], 200),
        ("/bare/1", [], 400), ("/open/t", [], 200),
        ("/token", [("Content-Type", "application/json")], 415),
    ]

    @Test("a body has its route's media type", arguments: types)
    func mediaType(_ target: String, _ fields: [(String, String)], _ status: Int) throws {
        var request = Request("POST", target).with(body: Array("{}".utf8))
        for (name, value) in fields { request = request.with(name, value) }
        let response = try GatewayScene.here().exchange(request)
        #expect(response.status == status, "\(response.text)")
        if status == 415, target != "/token" {
            #expect(response.code == "media-type-unsupported")
        }
        if status == 400 { #expect(Details.short(response) == ["body  body"]) }
    }

    @Test func `a body that is too large is refused at once, or when it has become so`() throws {
        let scene = try GatewayScene.here()
        let body = Array("[\"\(String(repeating: "x", count: 2_000))\"]".utf8)
        for framing in ["length", "chunked"] {
            let conversation = try scene.connect()
            defer { conversation.close() }
            let bytes = Self.bytes("/small", body, framing)
            // With a length the head suffices.
            try conversation.send(
                framing == "length" ? Array(bytes.prefix(bytes.count - 2_000)) : bytes
            )
            let response = try conversation.response()
            #expect(response.status == 413)
            #expect(response.code == "body-too-large")
        }
        #expect(scene.upstream.arrivals(at: "/small").isEmpty)
    }

    @Test func `a form is checked and forwarded`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        let form = Request("POST", "/token")
            .with("Content-Type", "application/x-www-form-urlencoded")
        for (body, words) in [
            ("grant_type=authorization_code&code=x%2By&unknown=1", ""),
            ("code=x", "body parameter grant_type"),
            ("grant_type=refresh_token&grant_type=refresh_token", "body parameter grant_type"),
            ("grant_type=refresh_token&a=s3cret&a=s3cret", "that nobody declared"),
            ("grant_type=refresh_token&a=%zz", "body parameter body"),
        ] {
            let response = try conversation.exchange(form.with(body: Array(body.utf8)))
            #expect(response.status == (words.isEmpty ? 200 : 400), "\(body)")
            if words.isEmpty {
                #expect(response.text == body)
            } else {
                #expect(response.json?["error_description"]?.string?.hasSuffix(words) == true)
                #expect(!response.text.contains("s3cret"))
            }
        }
    }

    @Test func `the body is asked for when the client waits, and not for what is refused`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        func head(_ target: String, _ length: Int) -> String {
            "POST \(target) HTTP/1.1\r\nHost: acme.test\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(length)\r\nExpect: 100-continue\r\n\r\n"
        }
        try conversation.send(head("/json/expected", 4))
        #expect(try conversation.anyHead().status == 100)
        try conversation.send("true")
        #expect(try conversation.response().text == "true")
        try conversation.send(head("/v1/x/offers/17", 4))
        #expect(try conversation.anyHead().status == 400)
    }

    @Test func `requests that follow on the connection are answered in turn`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        var bytes: [UInt8] = []
        let bodies = ["1", "{", "[2]", "", "3"]
        for body in bodies { bytes += Self.bytes("/json/turn", Array(body.utf8), "length") }
        bytes += Request("GET", "/open/last").bytes
        try conversation.send(bytes)
        let statuses = try bodies.map { _ in try conversation.response().status }
        #expect(statuses == [200, 400, 200, 400, 200])
        #expect(try conversation.response().status == 200)
    }

    @Test func `hundreds of refused requests in one piece are all answered`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        let one = Self.bytes("/json/many", Array("{".utf8), "length")
        try conversation.send((0..<600).flatMap { _ in one })
        for _ in 0..<600 { #expect(try conversation.response().status == 400) }
    }

    @Test func `an HTTP 1.0 client is served`() throws {
        let conversation = try GatewayScene.here().connect()
        try conversation.send(
            "POST /json/ten HTTP/1.0\r\nHost: acme.test\r\nContent-Type: application/json\r\n"
                + "Content-Length: 4\r\n\r\ntrue"
        )
        let response = try conversation.response()
        #expect(response.status == 200)
        #expect(response.text == "true")
        #expect(conversation.isClosed())
    }

    @Test func `a client that goes away in its body leaves a FAIL and nothing upstream`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        let identifier = "8241400f-de3b-42c5-ad7c-8a380039e797"
        let request = Request("POST", "/json/gone").with("X-Request-Id", identifier)
            .with("Content-Length", "1000").with("Content-Type", "application/json")
        try conversation.send(request.bytes + Array("[1,".utf8))
        let start = try scene.events(["--request", identifier]) { !$0.isEmpty }
        #expect(start.map(\.type) == ["TEST_JSON_START"])
        conversation.wire.abort()
        let events = try scene.events(ofRequest: identifier)
        #expect(events.contains { $0.type == "TEST_JSON_FAIL" && $0.names("client-closed") })
        #expect(scene.upstream.arrivals(at: "/json/gone").isEmpty)
    }

    @Test func `a refused body gives a FAIL with its code`() throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(Request("POST", "/json/event").with(body: "{"))
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "")
        #expect(Set(events.map(\.type)) == ["TEST_JSON_START", "TEST_JSON_FAIL"])
        #expect(events.contains { $0.names("invalid-request") })
    }

    @Test func `two hundred bodies are held at a time`() throws {
        let scene = try GatewayScene.here()
        let body = Array("[\"\(String(repeating: "y", count: 20_000))\"]".utf8)
        let bytes = Self.bytes("/json/crowd", body, "length")
        let conversations = try (0..<200).map { _ in try scene.connect() }
        for conversation in conversations { try conversation.send(Array(bytes.dropLast(10_000))) }
        #expect(scene.upstream.arrivals(at: "/json/crowd").isEmpty)
        for conversation in conversations {
            try conversation.send(Array(bytes.suffix(10_000)))
            #expect(try conversation.response(seconds: 20).body == body)
            conversation.close()
        }
    }

    static func bytes(_ target: String, _ body: [UInt8], _ framing: String) -> [UInt8] {
        let head =
            "POST \(target) HTTP/1.1\r\nHost: acme.test\r\nContent-Type: application/json\r\n"
        guard framing == "chunked" else {
            return Array((head + "Content-Length: \(body.count)\r\n\r\n").utf8) + body
        }
        var bytes = Array((head + "Transfer-Encoding: chunked\r\n\r\n").utf8)
        var rest = body[...]
        while !rest.isEmpty {
            let piece = rest.prefix(body.count / 3 + 1)
            bytes += Array("\(String(piece.count, radix: 16));x=y\r\n".utf8) + piece + [13, 10]
            rest = rest.dropFirst(piece.count)
        }
        return bytes + Array("0\r\nX-Trailer: 1\r\n\r\n".utf8)
    }
}
