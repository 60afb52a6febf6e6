import Glibc
import Testing

@Suite(
    "Connections",
    .scene(.with { $0.topLevel = ["workers 1", "drain 3s"] }, upstream: ConnectionScript.answer)
)
struct ConnectionTests {
    @Test func `a connection carries many requests, and the upstream's is used again`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        for index in 0..<300 {
            let response = try conversation.exchange(Request("GET", "/open/many/\(index)"))
            #expect(response.status == 200)
            #expect(response.text == "/open/many/\(index)")
        }
        let connections = Set(scene.upstream.arrivals(at: "/open/many/").map(\.connection))
        #expect(connections.count < 20)
    }

    @Test func `requests sent together are answered in their order`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        let targets = (0..<24).map { "/open/\($0 % 3 == 0 ? "slow" : "quick")/\($0)" }
        try conversation.send(targets.flatMap { Request("GET", $0).bytes })
        for target in targets { #expect(try conversation.response().text == target) }
    }

    @Test func `a request that arrives while another is answered is not forgotten`() throws {
        let scene = try GatewayScene.here()
        for index in 0..<40 {
            let conversation = try scene.connect()
            defer { conversation.close() }
            let first = "/open/\(index % 4 == 0 ? "slow" : "quick")/first-\(index)"
            try conversation.send(Request("POST", first).with(body: "x"))
            try conversation.send(Request("GET", "/open/quick/second-\(index)"))
            try conversation.send(Request("GET", "/unnamed"))
            #expect(try conversation.response().text == first)
            #expect(try conversation.response(seconds: 3).text == "/open/quick/second-\(index)")
            #expect(try conversation.response(seconds: 3).status == 404)
        }
    }

    @Test func `refusals keep their place among answers`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        let wanted: [(Request, Int)] = [
            (Request("GET", "/open/slow/1"), 200), (Request("GET", "/unnamed"), 404),
            (Request("POST", "/open/quick/2").with(body: "some body"), 200),
            (Request("GET", "/guarded/x"), 401), (Request("DELETE", "/anybody"), 405),
            (Request("GET", "/open/slow/3"), 200), (Request("GET", "/open//x"), 400),
        ]
        try conversation.send(wanted.flatMap { $0.0.bytes })
        for (request, status) in wanted {
            #expect(try conversation.response(to: request.method).status == status)
        }
    }

    @Test func `requests split anywhere are the same requests`() throws {
        let scene = try GatewayScene.here()
        let first = Request("POST", "/open/quick/split").with(body: "0123456789").bytes
        let second = Request("GET", "/open/quick/second").bytes
        let bytes = first + second
        for cut in stride(from: 1, to: bytes.count, by: 7) {
            let conversation = try scene.connect()
            defer { conversation.close() }
            try conversation.send(Array(bytes[..<cut]))
            try conversation.send(Array(bytes[cut...]))
            #expect(try conversation.response().text == "/open/quick/split", "cut at \(cut)")
            #expect(try conversation.response().text == "/open/quick/second", "cut at \(cut)")
        }
    }

    @Test func `a TLS record may arrive in any pieces`() throws {
        let scene = try GatewayScene.here()
        let wire = try RawTLSClient(port: scene.port)
        let conversation = Conversation(wire)
        defer { conversation.close() }
        for byte in try wire.records(for: Request("GET", "/open/quick/records").bytes) {
            try wire.socket.send([byte])
        }
        #expect(try conversation.response().text == "/open/quick/records")
    }

    @Test func `Connection close is obeyed`() throws {
        let conversation = try GatewayScene.here().connect()
        let request = Request("GET", "/open/quick/x").with("Connection", "close")
        let response = try conversation.exchange(request)
        #expect(response.status == 200)
        #expect(response.saysClose)
        #expect(conversation.isClosed())
    }

    @Test func `Connection close in any case and among others is obeyed`() throws {
        let conversation = try GatewayScene.here().connect()
        let request = Request("GET", "/open/quick/x").with("Connection", "x-y , Close")
        #expect(try conversation.exchange(request).status == 200)
        #expect(conversation.isClosed())
    }

    @Test func `nothing is read after a request that closes`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        let last = Request("GET", "/open/quick/last").with("Connection", "close")
        try conversation.send(last.bytes + Request("GET", "/open/quick/after-close").bytes)
        #expect(try conversation.response().status == 200)
        #expect(conversation.isClosed())
        #expect(scene.upstream.arrivals(at: "/open/quick/after-close").isEmpty)
    }

    @Test func `HTTP 1.0 is answered and closed`() throws {
        let conversation = try GatewayScene.here().connect()
        var request = Request("GET", "/open/quick/ten")
        request.version = "HTTP/1.0"
        let response = try conversation.exchange(request)
        #expect(response.status == 200)
        #expect(response.text == "/open/quick/ten")
        #expect(conversation.isClosed())
    }

    @Test func `HTTP 1.0 never gets chunks`() throws {
        let conversation = try GatewayScene.here().connect()
        var request = Request("GET", "/open/chunked/ten")
        request.version = "HTTP/1.0"
        let response = try conversation.exchange(request)
        #expect(response.status == 200)
        #expect(response["Transfer-Encoding"] == nil)
        #expect(response.text == "chunks and more chunks")
    }

    @Test func `HTTP 1.0 is forwarded as HTTP 1.1`() throws {
        let scene = try GatewayScene.here()
        var request = Request("POST", "/open/quick/upgraded").with(body: "x")
        request.version = "HTTP/1.0"
        #expect(try scene.exchange(request).status == 200)
        let arrival = try scene.upstream.wait(for: "/open/quick/upgraded")
        #expect(arrival.head.startLine.hasSuffix(" HTTP/1.1"))
        #expect(arrival.body == Array("x".utf8))
    }

    @Test func `HTTP 1.0 may ask to keep the connection`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        var request = Request("GET", "/open/quick/kept").with("Connection", "keep-alive")
        request.version = "HTTP/1.0"
        let first = try conversation.exchange(request)
        #expect(first.status == 200)
        // Keeping it is allowed, and so is closing it; saying one and doing the other is not.
        if first.head.lists("keep-alive", in: "Connection") {
            #expect(try conversation.exchange(request).status == 200)
        } else {
            #expect(conversation.isClosed())
        }
    }

    @Test func `an empty line between requests does not matter`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        try conversation.send(Request("POST", "/open/quick/1").with(body: "x").bytes)
        try conversation.send("\r\n")
        try conversation.send(Request("GET", "/open/quick/2").bytes)
        #expect(try conversation.response().text == "/open/quick/1")
        #expect(try conversation.response().text == "/open/quick/2")
    }

    @Test func `a hundred connections talk at once`() throws {
        let scene = try GatewayScene.here()
        let conversations = try (0..<100).map { _ in try scene.connect() }
        for (index, conversation) in conversations.enumerated() {
            try conversation.send(Request("GET", "/open/quick/crowd-\(index)"))
        }
        for (index, conversation) in conversations.enumerated().reversed() {
            #expect(try conversation.response().text == "/open/quick/crowd-\(index)")
            conversation.close()
        }
    }
}

private enum ConnectionScript {
    /// Answers with the target; slow ones a little later, chunked ones in chunks.
    static let answer: RecordingUpstream.Script = { call in
        _ = try call.body()
        if call.path.hasPrefix("/open/slow") { usleep(30_000) }
        if call.path.hasPrefix("/open/chunked") {
            try call.send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "6\r\nchunks\r\n10\r\n and more chunks\r\n0\r\n\r\n"
            )
            return
        }
        try call.respond(200, text: call.target)
    }
}
