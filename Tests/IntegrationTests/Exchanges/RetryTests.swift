import Testing

/// A kept-alive connection that dies before any byte of an answer.
@Suite(
    "Retries",
    .serialized,
    .scene(.with { $0.topLevel = ["workers 1", "drain 3s"] }, upstream: RetryScript.answer)
)
struct RetryTests {
    @Test("a request that is safe to repeat is repeated once", arguments: ["GET", "HEAD"])
    func repeated(_ method: String) throws {
        let scene = try GatewayScene.here()
        let target = "/open/dies-once/\(method)"
        let response = try afterWarmUp(Request(method, target))
        #expect(response.status == 200)
        let arrivals = scene.upstream.arrivals(at: target)
        #expect(arrivals.count == 2)
        #expect(Set(arrivals.map(\.connection)).count == 2)
        let identifiers = Set(arrivals.compactMap { $0.head["X-Request-Id"] })
        #expect(identifiers.count == 1, "a repetition is the same request")
    }

    @Test("a request that is not safe is never repeated", arguments: ["POST", "PATCH"])
    func neverRepeated(_ method: String) throws {
        let scene = try GatewayScene.here()
        let target = "/open/dies-once/\(method)"
        let response = try afterWarmUp(Request(method, target).with(body: "x"))
        #expect(response.status == 502)
        #expect(scene.upstream.arrivals(at: target).count == 1)
    }

    @Test func `it is repeated once and not for ever`() throws {
        let scene = try GatewayScene.here()
        let response = try afterWarmUp(Request("GET", "/open/dies-always"))
        #expect(response.status == 502)
        #expect(scene.upstream.arrivals(at: "/open/dies-always").count <= 2)
    }

    @Test func `on a fresh connection nothing is repeated`() throws {
        let scene = try GatewayScene.here()
        scene.upstream.closeConnections()
        _ = scene.upstream.waitUntil(seconds: 5) { $0.openConnections == 0 }
        let response = try scene.exchange(Request("GET", "/open/dies-fresh"))
        #expect(response.status == 502)
        #expect(scene.upstream.arrivals(at: "/open/dies-fresh").count == 1)
    }

    @Test func `after the first byte of an answer nothing is repeated`() throws {
        let scene = try GatewayScene.here()
        let response = try afterWarmUp(Request("GET", "/open/dies-after-byte"))
        #expect(response.status == 502)
        #expect(scene.upstream.arrivals(at: "/open/dies-after-byte").count == 1)
    }

    @Test func `an idle connection that the upstream closed is not used`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        for index in 0..<30 {
            let request = Request("POST", "/open/fine/\(index)").with(body: "x")
            #expect(try conversation.exchange(request).status == 200)
            scene.upstream.closeConnections()
            _ = scene.upstream.waitUntil(seconds: 5) { $0.openConnections == 0 }
            // The FIN needs a moment on its way to the gateway's loop.
            #expect(try scene.exchange(Request("GET", "/unnamed")).status == 404)
        }
    }

    @Test func `an upstream that answers and closes is used properly`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        for index in 0..<30 {
            let request = Request("POST", "/open/says-close/\(index)").with(body: "x")
            #expect(try conversation.exchange(request).status == 200)
        }
    }

    /// Sends a request after another on the same connection, so that the upstream's is warm.
    private func afterWarmUp(_ request: Request) throws -> Response {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        #expect(try conversation.exchange(Request("GET", "/open/fine/warm")).status == 200)
        return try conversation.exchange(request)
    }
}

private enum RetryScript {
    private static let deaths = Observed<Set<String>>([])

    static let answer: RecordingUpstream.Script = { call in
        _ = try call.body()
        switch call.path.split(separator: "/").dropFirst().first ?? "" {
        case "dies-once":
            let path = call.path
            let isFirst = deaths.update { $0.insert(path).inserted }
            guard !isFirst else { return call.close() }
            try call.respond(200, text: "second try")
        case "dies-always", "dies-fresh": call.close()
        case "dies-after-byte":
            try call.send("H")
            call.close()
        case "says-close":
            try call.respond(200, text: "bye", [Field("Connection", "close")])
            call.close()
        default: try call.respond(200, text: "fine")
        }
    }
}
