import Testing

@testable import Gateway

@Suite("Admin server")
struct AdminServerTests {
    private static let source = AdminSource(
        readiness: {
            ReadinessReport(tenants: [.init(name: "acme", isReady: false, detail: "no keys")])
        },
        metrics: { MetricsSnapshot(version: "1.2.3") },
        reload: { .refused(diagnostics: ["postern.conf:1:1: error: `x`"]) },
        changeRevocations: { request in
            switch request.action {
            case .revoke where request.isText: .refused(.noPlace, "text")
            case .revoke: .done(count: request.body.count, total: 7)
            case .takeBack: .refused(.unprocessable, "gone")
            }
        },
        revocations: { RevocationReport(file: .init(token: 1, any: 2), posted: .init(subject: 4)) },
        explain: { _ in nil },
        events: {
            EventsReport(status: 200, json: Array("{\"query\":\"".utf8) + $0 + Array("\"}".utf8))
        },
        eventsSummary: { _ in EventsReport(status: 503, json: [], retryAfterSeconds: 5) }
    )

    @Test func `events are asked for with their query, and may be too many`() throws {
        let text = try exchange(
            "GET /v1/events?limit=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                + "GET /v1/events/summary HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        )
        #expect(text.contains("HTTP/1.1 200 OK"))
        #expect(text.contains("{\"query\":\"limit=1\"}"))
        #expect(text.contains("HTTP/1.1 503 "))
        #expect(text.contains("Retry-After: 5\r\n"))
    }

    /// Sends `text` to a server and returns all that it answers until it closes.
    private func exchange(_ text: String) throws -> String {
        let address = try #require(SocketAddress(numeric: "127.0.0.1", port: 0))
        let server = try AdminServer(
            on: address,
            access: AdminAccess(host: "127.0.0.1", token: nil),
            context: nil,
            source: Self.source
        )
        let stream = try BlockingStream(connectingTo: server.port)
        try stream.write(Array(text.utf8))
        var answer: [UInt8] = []
        while true {
            let bytes = try stream.read()
            if bytes.isEmpty { return String(decoding: answer, as: UTF8.self) }
            answer += bytes
        }
    }

    @Test func `a body that is too large is answered while it is still being sent`() throws {
        let body = String(repeating: "x", count: 2 * 1_048_576)
        let head =
            "POST /revocations HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n"
        let answer = try exchange(head + "\r\n" + body)
        #expect(answer.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
        #expect(answer.contains("{\"message\":\"the body is too large\"}"))
    }

    @Test(
        "each page answers its method and says which one otherwise",
        arguments: [
            ("GET /livez", "200 OK", "ok\n"), ("POST /livez", "405 Method Not Allowed", ""),
            ("GET /readyz", "503 Service Unavailable", #""detail":"no keys""#),
            ("GET /metrics", "200 OK", #"postern_build_info{version="1.2.3"} 1"#),
            ("POST /reload", "422 Unprocessable Content", "error: `x`"),
            ("GET /reload", "405 Method Not Allowed", ""), ("GET /", "404 Not Found", ""),
            ("HEAD /metrics", "200 OK", "text/plain; version=0.0.4"),
            ("GET /revocations", "200 OK", #"{"total":7,"file":{"token":1,"subject":0,"#),
            ("PUT /revocations", "405 Method Not Allowed", "Allow: GET, HEAD, POST, DELETE\r\n"),
            ("DELETE /revocations", "422 Unprocessable Content", #"{"message":"gone"}"#),
        ]
    )
    func pages(_ line: String, _ status: String, _ part: String) throws {
        let fields = "Host: localhost\r\nConnection: close\r\n"
        let answer = try exchange("\(line) HTTP/1.1\r\n\(fields)\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 \(status)\r\n"))
        #expect(answer.contains(part))
        if line.hasPrefix("HEAD") { #expect(answer.hasSuffix("\r\n\r\n")) }
    }

    @Test("several requests go over one connection")
    func keepAlive() throws {
        let request = "GET /livez HTTP/1.1\r\nHost: localhost\r\n"
        let answer = try exchange("\(request)\r\n\(request)Connection: close\r\n\r\n")
        #expect(answer.split(separator: "HTTP/1.1 200 OK").count == 2)
    }

    @Test("silent connections lock nobody out and are closed")
    func silence() throws {
        let address = try #require(SocketAddress(numeric: "127.0.0.1", port: 0))
        let server = try AdminServer(
            on: address,
            access: AdminAccess(host: "127.0.0.1", token: nil),
            context: nil,
            source: Self.source
        )
        let silent = try (0..<64).map { _ in try Socket.connect(to: try local(server)).release() }
        defer { for number in silent { Socket.close(number) } }
        let stream = try BlockingStream(connectingTo: server.port)
        try stream.write(Array("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
        #expect(String(decoding: try stream.read(), as: UTF8.self).hasPrefix("HTTP/1.1 200 OK\r\n"))
        let last = try BlockingStream(connectingTo: server.port, milliseconds: 4_000)
        #expect(try last.read().isEmpty)
    }

    private func local(_ server: AdminServer) throws -> SocketAddress {
        try #require(SocketAddress(numeric: "127.0.0.1", port: server.port))
    }

    @Test("what is no request is refused and ends the connection")
    func malformed() throws {
        let answer = try exchange("GET  /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
    }

    @Test("revocations may be a megabyte, and lines say that they are text")
    func revocations() throws {
        let body = String(repeating: "x", count: 1_048_576)
        let head = "POST /revocations HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        let whole = try exchange("\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(whole.hasSuffix("{\"revoked\":1048576,\"total\":7}\n"))
        let over = try exchange("\(head)Content-Length: \(body.utf8.count + 1)\r\n\r\n")
        #expect(over.hasPrefix("HTTP/1.1 413 "))
        let fields = "Content-Type: Text/Plain; charset=utf-8\r\nContent-Length: 1\r\n"
        #expect(try exchange("\(head)\(fields)\r\nx").hasPrefix("HTTP/1.1 409 Conflict\r\n"))
    }

    @Test("whoever may not speak to it is told so, and sends no large body")
    func strangers() throws {
        let head = "POST /revocations HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n"
        #expect(try exchange("\(head)Content-Length: 1\r\n\r\nx").hasPrefix("HTTP/1.1 421 "))
        #expect(try exchange("\(head)Content-Length: 5000\r\n\r\n").hasPrefix("HTTP/1.1 413 "))
    }

    @Test("a body over the limit is refused before it is read")
    func bodies() throws {
        let fields = "Host: localhost\r\nContent-Length: 5000\r\n"
        let answer = try exchange("POST /reload HTTP/1.1\r\n\(fields)\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 413 "))
    }
}
