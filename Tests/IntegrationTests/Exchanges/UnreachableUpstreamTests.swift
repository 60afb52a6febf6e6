import Testing

@Suite("Upstreams that are not there")
struct UnreachableUpstreamTests {
    @Test func `nobody listening is a 502, and the upstream may come back`() throws {
        let port = try FreePort.next()
        let scene = try GatewayScene.serving(.with { $0.servers = ["http://127.0.0.1:\(port)"] })
        defer { scene.end() }
        let conversation = try scene.connect()
        defer { conversation.close() }
        for _ in 0..<3 {
            let response = try conversation.exchange(Request("GET", "/open/x"))
            #expect(response.status == 502 || response.status == 503)
            #expect(["upstream-unreachable", "upstream-unavailable"].contains(response.code ?? ""))
        }
        let late = try RecordingUpstream(port: port)
        defer { late.stop() }
        let deadline = Deadline(seconds: 15)
        var status = 0
        while status != 200, !deadline.hasPassed {
            status = try scene.exchange(Request("GET", "/open/x")).status
        }
        #expect(status == 200)
    }

    @Test func `the first failure is upstream-unreachable`() throws {
        let port = try FreePort.next()
        let scene = try GatewayScene.serving(.with { $0.servers = ["http://127.0.0.1:\(port)"] })
        defer { scene.end() }
        let response = try scene.exchange(Request("GET", "/open/x"))
        #expect(response.status == 502)
        #expect(response.code == "upstream-unreachable")
    }

    @Test func `a server that takes no connection in time does not hold the client`() throws {
        // A listener whose queue is full: the kernel answers nothing.
        let listener = try Socket.listening(backlog: 0)
        let fillers = (0..<8).compactMap { _ in
            try? Socket.connected(to: listener.port, seconds: 0.2)
        }
        defer { for filler in fillers { filler.close() } }
        let scene = try GatewayScene.serving(
            .with { settings in
                settings.servers = ["http://127.0.0.1:\(listener.port)"]
                settings.upstream = ["connect-timeout 400ms"]
            }
        )
        defer { scene.end() }
        let start = ContinuousClock.now
        let response = try scene.exchange(Request("GET", "/open/x"))
        #expect(response.status == 502 || response.status == 504)
        #expect(start.duration(to: .now) < .seconds(4))
    }

    @Test func `a second server takes over when the first is away`() throws {
        let port = try FreePort.next()
        let second = try RecordingUpstream()
        defer { second.stop() }
        let scene = try GatewayScene.serving(
            .with { $0.servers = ["http://127.0.0.1:\(port)", "http://127.0.0.1:\(second.port)"] }
        )
        defer { scene.end() }
        var statuses: [Int] = []
        for index in 0..<12 {
            statuses.append(try scene.exchange(Request("GET", "/open/\(index)")).status)
        }
        #expect(statuses.contains(200), "\(statuses)")
    }

    @Test func `several servers share the work`() throws {
        let first = try RecordingUpstream()
        let second = try RecordingUpstream()
        defer {
            first.stop()
            second.stop()
        }
        let scene = try GatewayScene.serving(
            .with {
                $0.servers = ["http://127.0.0.1:\(first.port)", "http://127.0.0.1:\(second.port)"]
                $0.topLevel = ["workers 1", "drain 3s"]
            }
        )
        defer { scene.end() }
        for index in 0..<40 {
            #expect(try scene.exchange(Request("GET", "/open/\(index)")).status == 200)
        }
        #expect(!first.arrivals.isEmpty)
        #expect(!second.arrivals.isEmpty)
    }
}
