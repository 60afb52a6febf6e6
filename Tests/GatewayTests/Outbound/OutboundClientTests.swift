import HTTP
import Testing

@testable import Gateway

@Suite("Outbound client")
struct OutboundClientTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test func `an answer comes back with status, body and age`() throws {
        let server = try LoopbackServer.answering { path in
            "HTTP/1.1 201 Made\r\nCache-Control: max-age=60\r\n"
                + "Content-Length: \(path.utf8.count)\r\n\r\n\(path)"
        }
        let answer = try OutboundClient().get(server.url("/a?b"))
        #expect(
            answer == OutboundAnswer(status: 201, body: Array("/a?b".utf8), maxAgeSeconds: 60)
        )
    }

    @Test func `a body is posted whole, however large`() throws {
        let server = try LoopbackServer { stream, _ in
            let request = try stream.readRequest()
            let length = request.utf8.count
            try stream.write(Array("HTTP/1.0 200 OK\r\n\r\n\(length)".utf8))
        }
        let body = [UInt8](repeating: 0x61, count: 1_000_000)
        let answer = try OutboundClient().get(server.url()) {
            $0.method = .post
            $0.body = body
        }
        let length = try #require(Int(String(decoding: answer.body, as: UTF8.self)))
        #expect(length > body.count)
    }

    @Test func `a kept connection serves the next request`() throws {
        let server = try LoopbackServer.answering { _ in Self.ok }
        let client = OutboundClient()
        for _ in 0..<20 { _ = try client.get(server.url()) }
        #expect(server.connectionsCount == 1)
    }

    @Test func `a connection that closes is not used again`() throws {
        let server = try LoopbackServer { stream, _ in
            _ = try stream.readRequest()
            let answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
            try stream.write(Array(answer.utf8))
            try stream.waitForEnd()
        }
        let client = OutboundClient()
        for _ in 0..<3 { _ = try client.get(server.url()) }
        #expect(server.connectionsCount == 3)
    }

    /// Serves one request a connection and drops the connection when the second comes.
    private static func forgetful() throws -> LoopbackServer {
        try LoopbackServer { stream, _ in
            _ = try stream.readRequest()
            try stream.write(Array(Self.ok.utf8))
            _ = try stream.readRequest()
        }
    }

    @Test func `a request whose kept connection died unseen is sent again`() throws {
        let server = try Self.forgetful()
        let client = OutboundClient()
        for _ in 0..<4 { _ = try client.get(server.url()) }
        #expect(server.connectionsCount == 4)
        _ = try client.get(server.url()) {
            $0.method = .post
            $0.isRepeatable = true
        }
        #expect(server.connectionsCount == 5)
    }

    @Test func `a post that may change something is not sent again`() throws {
        let server = try Self.forgetful()
        let client = OutboundClient()
        _ = try client.get(server.url())
        #expect(throws: OutboundExchangeTests.cutOff) {
            try client.get(server.url()) { $0.method = .post }
        }
        #expect(server.connectionsCount == 1)
    }

    @Test func `a request is sent again once, and not after a byte of an answer`() throws {
        let requests = LoopbackServer.Count()
        let server = try LoopbackServer { stream, connection in
            _ = try stream.readRequest()
            requests.add()
            if connection > 1 { return }
            try stream.write(Array(Self.ok.utf8))
            _ = try stream.readRequest()
            requests.add()
        }
        let client = OutboundClient()
        _ = try client.get(server.url())
        #expect(throws: OutboundExchangeTests.cutOff) { try client.get(server.url()) }
        #expect(requests.value == 3)
        let partial = try LoopbackServer { stream, _ in
            _ = try stream.readRequest()
            try stream.write(Array(Self.ok.utf8))
            _ = try stream.readRequest()
            try stream.write(Array("H".utf8))
        }
        _ = try client.get(partial.url())
        #expect(throws: OutboundExchangeTests.cutOff) { try client.get(partial.url()) }
        #expect(partial.connectionsCount == 1)
    }

    @Test func `redirects are followed as far as allowed`() throws {
        let server = try LoopbackServer.answering { path in
            guard path != "/3" else { return Self.ok }
            let next = (Int(path.dropFirst()) ?? 0) + 1
            return "HTTP/1.1 302 See\r\nLocation: /\(next)\r\nContent-Length: 0\r\n\r\n"
        }
        let client = OutboundClient()
        _ = try client.get(server.url("/0")) { $0.redirectsMax = 3 }
        #expect(server.connectionsCount == 1)
        for allowed in 0...2 {
            #expect(throws: OutboundFailure.redirected) {
                try client.get(server.url("/0")) { $0.redirectsMax = allowed }
            }
        }
    }

    @Test func `garbage and too much are failures at once`() throws {
        let server = try LoopbackServer { stream, _ in
            let request = try stream.readRequest()
            if request.hasPrefix("GET /garbage") {
                try stream.write([0x16, 0x03, 0x01, 0, 0xFF, 0x0A])
            } else if request.hasPrefix("GET /length") {
                try stream.write(
                    Array("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n".utf8)
                )
            } else {
                // Ends when the client does.
                let isHead = request.hasPrefix("GET /head")
                try stream.write(Array("HTTP/1.1 200 OK\r\n\(isHead ? "A: " : "\r\n")".utf8))
                while true { try stream.write([UInt8](repeating: 0x61, count: 65_536)) }
            }
            try stream.waitForEnd()
        }
        let client = OutboundClient()
        let cases: [(String, OutboundFailure)] = [
            ("/garbage", .notHTTP), ("/length", .tooLarge), ("/head", .tooLarge),
            ("/body", .tooLarge),
        ]
        for (path, failure) in cases {
            #expect(throws: failure, "\(path)") { try client.get(server.url(path)) }
        }
    }

    @Test("a server that is slow anywhere runs into the deadline", arguments: ["", "HTTP/1.1 2"])
    func slow(_ beginning: String) throws {
        let server = try LoopbackServer { stream, _ in
            _ = try stream.readRequest()
            try stream.write(Array(beginning.utf8))
            try stream.waitForEnd()
        }
        #expect(throws: OutboundFailure.timeout) {
            try OutboundClient().get(server.url()) { $0.deadlineMilliseconds = 200 }
        }
    }

    @Test func `a server that trickles for ever runs into the deadline`() throws {
        let server = try LoopbackServer { stream, _ in
            _ = try stream.readRequest()
            try stream.write(Array("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".utf8))
            while true {
                try stream.write([0x61])
                // A wait for the client, which sends nothing: a tick of 5 ms.
                _ = Readiness.wait(for: .reading, of: -1, milliseconds: 5)
            }
        }
        let began = Clock.monotonicMilliseconds()
        #expect(throws: OutboundFailure.timeout) {
            try OutboundClient().get(server.url()) { $0.deadlineMilliseconds = 300 }
        }
        #expect(Clock.monotonicMilliseconds() - began < 20_000)
    }

    @Test func `requests go on while others hang`() throws {
        let hanging = try LoopbackServer { stream, _ in
            _ = try stream.readRequest()
            try stream.waitForEnd()
        }
        let good = try LoopbackServer.answering { _ in Self.ok }
        let client = OutboundClient()
        let url = try #require(OutboundURL(hanging.url()))
        var request = OutboundRequest(url)
        request.deadlineMilliseconds = 60_000
        let ended = LoopbackServer.Count()
        for _ in 0..<50 {
            client.send(request) { result in
                if result == .failure(.stopped) { ended.add() }
            }
        }
        request.url = try #require(OutboundURL(good.url()))
        let answered = LoopbackServer.Count()
        for _ in 0..<50 {
            client.send(request) { if case .success = $0 { answered.add() } }
        }
        Self.wait { answered.value == 50 }
        #expect(ended.value == 0)
        client.stop()
        Self.wait { ended.value == 50 }
        #expect(throws: OutboundFailure.stopped) { try client.get(good.url()) }
    }

    @Test func `a client that nobody holds any more ends what is under way`() throws {
        let hanging = try LoopbackServer { stream, _ in try stream.waitForEnd() }
        let url = try #require(OutboundURL(hanging.url()))
        let stopped = LoopbackServer.Count()
        OutboundClient().send(OutboundRequest(url)) {
            if $0 == .failure(.stopped) { stopped.add() }
        }
        Self.wait { stopped.value == 1 }
    }

    @Test func `beyond its room the client is busy`() throws {
        let hanging = try LoopbackServer { stream, _ in try stream.waitForEnd() }
        let client = OutboundClient { _, _ in
            _ = Readiness.wait(for: .reading, of: -1, milliseconds: 10_000)
            return []
        }
        let url = try #require(OutboundURL("http://localhost:\(hanging.port)/"))
        var request = OutboundRequest(url)
        request.deadlineMilliseconds = 60_000
        let stopped = LoopbackServer.Count()
        for _ in 0..<OutboundClient.requestsMax {
            client.send(request) { if $0 == .failure(.stopped) { stopped.add() } }
        }
        #expect(client.answer(request) == .failure(.busy))
        client.stop()
        Self.wait { stopped.value == OutboundClient.requestsMax }
    }

    /// Waits until something is so, at most a while.
    static func wait(_ isSo: () -> Bool) {
        let deadline = Clock.monotonicMilliseconds() + 30_000
        while !isSo(), Clock.monotonicMilliseconds() < deadline {
            _ = Readiness.wait(for: .reading, of: -1, milliseconds: 2)
        }
        #expect(isSo())
    }
}
