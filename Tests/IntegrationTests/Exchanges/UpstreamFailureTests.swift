import Glibc
import Testing

@Suite(
    "Upstreams that fail",
    .scene(
        .with { settings in
            settings.upstream = ["connect-timeout 500ms", "response-timeout 700ms"]
            settings.beta = nil
        },
        upstream: FailureScript.answer
    )
)
struct UpstreamFailureTests {
    @Test("an answer that is none is a 502", arguments: FailureScript.nonsense.keys.sorted())
    func nonsense(_ kind: String) throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(Request("POST", "/open/\(kind)").with(body: "x"))
        #expect(response.status == 502)
        #expect(response.code == "upstream-protocol", "\(response.text)")
    }

    @Test(
        "a connection that ends before an answer is a 502",
        arguments: ["close", "reset", "half-head"]
    )
    func ended(_ kind: String) throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(Request("POST", "/open/\(kind)").with(body: "x"))
        #expect(response.status == 502)
        #expect(["upstream-protocol", "upstream-unreachable"].contains(response.code ?? ""))
    }

    @Test("an upstream that is silent is a 504", arguments: ["GET", "POST"])
    func silent(_ method: String) throws {
        let scene = try GatewayScene.here()
        let start = ContinuousClock.now
        let response = try scene.exchange(Request(method, "/open/silent").with(body: [UInt8]()))
        #expect(response.status == 504)
        #expect(response.code == "upstream-timeout")
        #expect(start.duration(to: .now) < .seconds(3))
        let wasClosed = scene.upstream.waitUntil(seconds: 3) { record in
            record.arrivals.contains { $0.target == "/open/silent" && $0.fault == "ended" }
        }
        #expect(wasClosed, "the hanging connection was kept")
    }

    @Test func `an upstream that stops in its head is a 504`() throws {
        let response = try GatewayScene.here().exchange(Request("POST", "/open/stalled-head"))
        #expect(response.status == 504)
    }

    @Test(
        "an answer that breaks off is not made to look whole",
        arguments: ["short-length", "short-chunks", "bad-chunk", "stalled-body"]
    )
    func brokenOff(_ kind: String) throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        try conversation.send(Request("GET", "/open/\(kind)"))
        do {
            let response = try conversation.response()
            #expect(response.end == .cutShort || response.status >= 502)
            if response.status < 502 { #expect(conversation.isClosed()) }
        } catch Trouble.malformed(let what) {
            Issue.record("the client got \(what)")
        } catch Trouble.closed {
            // Broken off for the client too.
        } catch Trouble.reset {
            // The same.
        }
    }

    @Test func `others are not disturbed`() throws {
        let scene = try GatewayScene.here()
        let other = try scene.connect()
        defer { other.close() }
        for kind in FailureScript.nonsense.keys.sorted() {
            _ = try scene.exchange(Request("GET", "/open/\(kind)"))
            #expect(try other.exchange(Request("GET", "/open/good")).status == 200, "\(kind)")
        }
    }

    @Test func `an OAuth route says it in the RFC's words`() throws {
        let response = try GatewayScene.here().exchange(Request("GET", "/oauth/open/silent"))
        #expect(response.status == 504)
        let error = response.json?["error"]?.string ?? ""
        #expect(["server_error", "temporarily_unavailable"].contains(error), "\(response.text)")
    }

    @Test func `a failed exchange keeps the client's connection usable`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        let first = try conversation.exchange(Request("GET", "/open/close"))
        #expect(first.status == 502)
        if !first.saysClose {
            #expect(try conversation.exchange(Request("GET", "/open/good")).status == 200)
        }
    }
}

private enum FailureScript {
    static let nonsense: [String: String] = [
        "garbage": "\u{1}\u{2}\u{3} garbage \r\n\r\n\r\n",
        "smtp": "220 mail.test ESMTP\r\n\r\n",
        "version-2": "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "status-letters": "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n",
        "status-short": "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
        "status-long": "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
        "both-framings":
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "two-lengths": "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n",
        "bad-length": "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
        "bad-coding": "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\nhello",
        "folded": "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n",
        "nul": "HTTP/1.1 200 OK\r\nA: b\0c\r\nContent-Length: 0\r\n\r\n",
        "no-colon": "HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 0\r\n\r\n",
        "space-before-colon": "HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 0\r\n\r\n",
        "switching": "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "huge-head": "HTTP/1.1 200 OK\r\nA: " + String(repeating: "a", count: 2_000_000)
            + "\r\n\r\n",
    ]

    static let answer: RecordingUpstream.Script = { call in
        _ = try call.body()
        let kind = call.path.split(separator: "/").last.map(String.init) ?? ""
        if let text = nonsense[kind] {
            do { try call.send(text) } catch Trouble.reset {}
            return call.close()
        }
        let ok = "HTTP/1.1 200 OK\r\n"
        switch kind {
        case "close": call.close()
        case "reset": call.reset()
        case "half-head":
            try call.send(ok + "Content-Le")
            call.close()
        case "silent", "stalled-head", "stalled-body":
            if kind == "stalled-head" { try call.send(ok + "Content-Le") }
            if kind == "stalled-body" { try call.send(ok + "Content-Length: 9\r\n\r\nhel") }
            if call.waitForEnd(seconds: 5) { throw Trouble.malformed("ended") }
            call.close()
        case "short-length":
            try call.send(ok + "Content-Length: 100\r\n\r\nhello")
            call.close()
        case "short-chunks":
            try call.send(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
            call.close()
        case "bad-chunk":
            try call.send(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n0\r\n\r\n")
            call.close()
        default: try call.respond(200, text: "good")
        }
    }
}
