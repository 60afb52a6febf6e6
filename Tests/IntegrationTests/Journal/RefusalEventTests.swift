import Testing

@Suite("Events of refusals")
struct RefusalEventTests {
    static let refusals: [(Request, String)] = [
        (Request("GET", "/unnamed"), "route-not-found"),
        (Request("GET", "/open//x"), "path-not-canonical"),
        (Request("GET", "/guarded/x"), "credentials-missing"),
        (Request("GET", "/guarded/x").bearing("x"), "token-malformed"),
    ]

    @Test func `a request refused before it began leaves one event of the gateway's`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        for (request, code) in Self.refusals {
            let identifier = try scene.exchange(request)["X-Request-Id"] ?? "none"
            let events = try scene.events(["--request", identifier]) { !$0.isEmpty }
            #expect(events.map(\.type) == ["GATEWAY_REQUEST_REFUSED"], "\(code)")
            #expect(events.first?.json["category"]?.string == "gateway")
            #expect(events.first?.names(code) == true, "\(events)")
            #expect(events.first?.clientId == nil)
            #expect(events.first?.tenantId == "acme")
        }
        let nobody = try scene.exchange(Request("GET", "/open/x", host: "nobody.test"))
        let events = try scene.events(["--request", nobody["X-Request-Id"] ?? "none"]) {
            !$0.isEmpty
        }
        #expect(events.map(\.type) == ["GATEWAY_REQUEST_REFUSED"])
        #expect(events.first?.tenantId == nil || events.first?.tenantId == "")
    }

    @Test func `nobody unknown can make a tenant's events`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        for (request, _) in Self.refusals { _ = try scene.exchange(request) }
        _ = try scene.exchange(
            Request("GET", "/guarded/x").bearing(
                try TokenOrder(audience: "https://x.test").signed()
            )
        )
        let events = try scene.events { $0.count >= 5 }
        #expect(events.allSatisfy { $0.type.hasPrefix("GATEWAY_") }, "\(events)")
    }

    @Test func `a flood is counted, not written down`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let began = ContinuousClock.now
        let conversation = try scene.connect()
        defer { conversation.close() }
        let flood = [[UInt8]](repeating: Request("GET", "/unnamed").bytes, count: 100).flatMap {
            $0
        }
        var refused = 0
        for _ in 0..<30 {
            try conversation.send(flood)
            for _ in 0..<100 where try conversation.response().status == 404 { refused += 1 }
        }
        #expect(refused == 3_000)
        let seconds = Int(began.duration(to: .now).components.seconds) + 2
        let events = try scene.events(seconds: 4) { events in
            events.contains { $0.type != "GATEWAY_REQUEST_REFUSED" }
                || events.count > 100
        }
        #expect(events.count <= 102 * seconds, "\(events.count) events in \(seconds) s")
        #expect(events.allSatisfy { $0.json["category"]?.string == "gateway" })
        if seconds < 20 {
            let later = try scene.events(seconds: 4) { Self.counted($0) >= 3_000 }
            #expect(Self.counted(later) >= 3_000, "\(later.last.map { "\($0)" } ?? "")")
        }
    }

    /// Requests that the events speak of: one each, or the number that a summary names.
    private static func counted(_ events: [Event]) -> Int {
        events.reduce(0) { total, event in
            let count = event.data?.members?.values.compactMap(\.number).max() ?? 1
            let isSummary = event.type != "GATEWAY_REQUEST_REFUSED" || event.data?["count"] != nil
            return total + (isSummary ? Int(count) : 1)
        }
    }
}
