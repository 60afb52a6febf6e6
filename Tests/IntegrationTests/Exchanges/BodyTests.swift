import Glibc
import Testing

@Suite("Bodies", .scene(upstream: BodyScript.answer))
struct BodyTests {
    @Test(
        "a body arrives whole, both ways",
        arguments: [0, 1, 4_095, 16_384, 16_385, 65_537, 1_000_000]
    )
    func roundTrip(_ size: Int) throws {
        let scene = try GatewayScene.here()
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let response = try scene.exchange(Request("POST", "/open/echo").with(body: body))
        #expect(response.status == 200)
        #expect(response.body == body)
        #expect(response.framing == .length(size))
    }

    @Test("chunks arrive whole, whatever their sizes", arguments: [1, 7, 1_000, 16_384, 100_000])
    func chunkedRequest(_ size: Int) throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        let body = (0..<min(size * 40, 500_000)).map { UInt8(truncatingIfNeeded: $0) }
        try conversation.send(
            "POST /open/echo HTTP/1.1\r\nHost: acme.test\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        var rest = body[...]
        while !rest.isEmpty {
            let piece = rest.prefix(size)
            let line = Array((String(piece.count, radix: 16) + "\r\n").utf8)
            try conversation.send(line + piece + [13, 10])
            rest = rest.dropFirst(size)
        }
        try conversation.send("0\r\n\r\n")
        #expect(try conversation.response().body == body)
    }

    @Test func `trailers of a request do no harm`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        try conversation.send(
            "POST /open/echo/trailers HTTP/1.1\r\nHost: acme.test\r\nTransfer-Encoding: chunked\r\n"
                + "Trailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\nContent-Length: 9\r\n"
                + "X-Postern-Roles: admin\r\nAuthorization: Bearer x\r\n\r\n"
        )
        #expect(try conversation.response().text == "hello")
        let arrival = try scene.upstream.wait(for: "/open/echo/trailers")
        let names = arrival.trailers.map { $0.name.lowercased() }
        for name in ["content-length", "x-postern-roles", "authorization"] {
            #expect(!names.contains(name), "\(name)")
        }
        #expect(try conversation.exchange(Request("GET", "/open/echo")).status == 200)
    }

    @Test(
        "an answer comes whole, however it ends",
        arguments: ["length", "chunked", "trailers", "until-end", "ten"]
    )
    func answers(_ kind: String) throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        for _ in 0..<3 {
            let response = try conversation.exchange(Request("GET", "/open/\(kind)"))
            #expect(response.status == 200)
            #expect(response.end == .whole)
            #expect(response.text == BodyScript.text)
            #expect(response.framing != .untilEnd, "HTTP/1.1 needs no end of the connection")
        }
    }

    @Test(
        "HEAD has fields and no body",
        arguments: ["/open/length", "/open/chunked", "/open/echo"]
    )
    func head(_ target: String) throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        for _ in 0..<2 {
            let response = try conversation.exchange(Request("HEAD", target))
            #expect(response.status == 200)
            #expect(response.body.isEmpty)
        }
        #expect(try conversation.exchange(Request("GET", "/open/length")).text == BodyScript.text)
    }

    @Test func `HEAD passes the length that a GET would have`() throws {
        let response = try GatewayScene.here().exchange(Request("HEAD", "/open/length"))
        #expect(response["Content-Length"] == "\(BodyScript.text.utf8.count)")
    }

    @Test func `a refused HEAD has no body either`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        #expect(try conversation.exchange(Request("HEAD", "/guarded/x")).status == 401)
        #expect(try conversation.exchange(Request("HEAD", "/unnamed")).status == 404)
        #expect(try conversation.exchange(Request("GET", "/open/length")).text == BodyScript.text)
    }

    @Test("answers without a body keep the connection", arguments: ["204", "304", "304-length"])
    func bodiless(_ kind: String) throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        for _ in 0..<2 {
            let response = try conversation.exchange(Request("GET", "/open/\(kind)"))
            #expect(response.status == Int(kind.prefix(3)))
            #expect(response["Transfer-Encoding"] == nil)
            if kind == "204" { #expect(response["Content-Length"] == nil) }
        }
        #expect(try conversation.exchange(Request("GET", "/open/length")).text == BodyScript.text)
    }

    @Test func `interim answers of the upstream do not become the answer`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        for _ in 0..<2 {
            let response = try conversation.exchange(Request("GET", "/open/interim"))
            #expect(response.status == 200)
            #expect(response.text == BodyScript.text)
            #expect(response.interim.allSatisfy { (100..<200).contains($0.status) })
        }
    }

    @Test func `an answer may come before the body is done`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        try conversation.send(
            "POST /open/early HTTP/1.1\r\nHost: acme.test\r\nContent-Length: 500000\r\n\r\nstart"
        )
        let response = try conversation.response()
        #expect(response.status == 409)
        #expect(response.text == "no need to go on")
        conversation.close()
    }

    @Test func `a body that comes slowly is not held back`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        try conversation.send("GET /open/drip HTTP/1.1\r\nHost: acme.test\r\n\r\n")
        let head = try conversation.head()
        var moments: [ContinuousClock.Instant] = []
        _ = try conversation.body(of: head) { _ in moments.append(.now) }
        #expect(moments.count >= 3)
        let spread = (moments.first ?? .now).duration(to: moments.last ?? .now)
        #expect(spread > .milliseconds(150), "all of it came at once")
    }

    @Test func `a client that goes away in the middle of its body leaves nothing complete`() throws
    {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        try conversation.send(
            "POST /open/echo/gone HTTP/1.1\r\nHost: acme.test\r\nContent-Length: 1000\r\n\r\nstart"
        )
        conversation.wire.abort()
        let isGone = scene.upstream.waitUntil(seconds: 5) { record in
            record.arrivals.allSatisfy { $0.target != "/open/echo/gone" || !$0.isComplete }
        }
        #expect(isGone)
        #expect(try scene.exchange(Request("GET", "/open/length")).status == 200)
    }

    @Test func `a client that goes away stops the upstream's answer`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        try conversation.send(Request("GET", "/open/endless"))
        _ = try conversation.head()
        conversation.wire.abort()
        let wasStopped = scene.upstream.waitUntil(seconds: 10) { record in
            record.arrivals.contains { $0.target == "/open/endless" && $0.fault == "stopped" }
        }
        #expect(wasStopped)
    }
}

private enum BodyScript {
    static let text = "the whole of it"

    static let answer: RecordingUpstream.Script = { call in
        if call.path == "/open/early" {
            try call.respond(409, text: "no need to go on")
            _ = call.waitForEnd(seconds: 0.5)
            return call.close()
        }
        let body = try call.body()
        let ok = "HTTP/1.1 200 OK\r\n"
        switch call.path {
        case "/open/length": try call.respond(200, text: text)
        case "/open/chunked":
            let chunks = "4\r\nthe \r\n6\r\nwhole \r\n5\r\nof it\r\n0\r\n\r\n"
            try call.send(
                ok + "Transfer-Encoding: chunked\r\n\r\n" + (call.method == "HEAD" ? "" : chunks)
            )
        case "/open/trailers":
            try call.send(
                ok + "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                    + "F\r\n\(text)\r\n0\r\nX-Sum: 1\r\n\r\n"
            )
        case "/open/until-end":
            try call.send(ok + "\r\n" + text)
            call.close()
        case "/open/ten":
            try call.send("HTTP/1.0 200 OK\r\n\r\n" + text)
            call.close()
        case "/open/204": try call.respond(204)
        case "/open/304": try call.respond(304, [Field("ETag", "\"x\"")])
        case "/open/304-length": try call.respond(304, [Field("Content-Length", "99")])
        case "/open/interim":
            try call.send(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
            )
            usleep(20_000)
            try call.respond(200, text: text)
        case "/open/drip": try drip(call)
        case "/open/endless": try endless(call)
        default: try call.respond(200, body: body)
        }
    }

    private static func drip(_ call: UpstreamCall) throws {
        try call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<5 {
            try call.send("4\r\ndrip\r\n")
            usleep(60_000)
        }
        try call.send("0\r\n\r\n")
    }

    /// Sends until the connection breaks.
    private static func endless(_ call: UpstreamCall) throws {
        try call.send("HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n")
        let piece = [UInt8](repeating: 0x61, count: 65_536)
        do {
            for _ in 0..<10_000 { try call.send(piece, seconds: 8) }
        } catch Trouble.reset {
            throw Trouble.malformed("stopped")
        }
    }
}
