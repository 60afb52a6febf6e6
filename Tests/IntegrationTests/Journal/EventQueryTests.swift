import Testing

@Suite("The events of a tenant over HTTP", .serialized, .scene())
struct EventQueryTests {
    @Test func `a tenant's auditor reads its events, newest first`() throws {
        let scene = try GatewayScene.here()
        for index in 0..<3 { _ = try scene.exchange(Request("GET", "/open/\(index)")) }
        let answer = try query("")
        #expect(answer.status == 200)
        #expect(answer["Content-Type"]?.hasPrefix("application/json") == true)
        let events = events(answer)
        #expect(events.count >= 6)
        let times = events.compactMap { $0.json["timestamp"]?.string }
        #expect(times == times.sorted(by: >))
        #expect(events.allSatisfy { $0.tenantId == "acme" })
    }

    @Test func `only certain roles read`() throws {
        let scene = try GatewayScene.here()
        let request = Request("GET", "/v1/events")
        #expect(try scene.exchange(request).status == 401)
        for (role, status) in [("auditor", 200), ("admin", 200), ("issuer", 403)] {
            let token = try TokenOrder(roles: [.string(role)]).signed()
            #expect(try scene.exchange(request.bearing(token)).status == status, "\(role)")
        }
    }

    @Test func `one tenant never reads another's`() throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(Request("GET", "/open/beta", host: "beta.test"))
        let identifier = response["X-Request-Id"] ?? "none"
        let own = try query("?requestIds=\(identifier)", tenant: "beta")
        #expect(events(own).count == 2)
        let foreign = try query("?requestIds=\(identifier)")
        #expect(foreign.status == 200)
        #expect(events(foreign).isEmpty)
    }

    @Test func `filters narrow`() throws {
        let scene = try GatewayScene.here()
        let first = try scene.exchange(Request("GET", "/open/filters"))["X-Request-Id"] ?? ""
        let second = try scene.exchange(Request("GET", "/v1/oauth/authorize"))["X-Request-Id"] ?? ""
        func types(_ filter: String) throws -> [String] {
            events(try query(filter)).map(\.type).sorted()
        }
        #expect(try types("?requestIds=\(first)") == ["TEST_OPEN_START", "TEST_OPEN_SUCCESS"])
        #expect(try types("?requestIds=\(first),\(second)").count == 4)
        #expect(
            try types("?requestIds=\(first),\(second)&types=OPENID_AUTHORIZE_START")
                == ["OPENID_AUTHORIZE_START"]
        )
        #expect(try types("?requestIds=\(second)&categories=openid").count == 2)
        #expect(try types("?requestIds=\(second)&categories=gateway").isEmpty)
        #expect(
            try types("?requestIds=\(first),\(second)&categories=gateway&types=TEST_OPEN_START")
                == ["TEST_OPEN_START"]
        )
        let identifier = events(try query("?requestIds=\(first)")).first?.json["id"]?.string ?? ""
        #expect(events(try query("?ids=\(identifier)")).count == 1)
        #expect(try types("?requestIds=\(first)&dateFrom=2099-01-01T00:00:00.000Z").isEmpty)
        #expect(try types("?requestIds=\(first)&dateTo=2099-01-01T00:00:00.000Z").count == 2)
        #expect(try types("?requestIds=\(first)&dateTo=2001-01-01T00:00:00.000Z").isEmpty)
    }

    @Test func `pages follow each other without a gap or a repetition`() throws {
        let scene = try GatewayScene.here()
        for index in 0..<15 { _ = try scene.exchange(Request("GET", "/open/page-\(index)")) }
        let wanted = events(try query("?types=TEST_OPEN_SUCCESS&limit=1000"))
            .compactMap { $0.json["id"]?.string }
        var seen: [String] = []
        var cursor: String?
        for _ in 0..<100 {
            let more = cursor.map { "&cursor=\($0)" } ?? ""
            let page = try query("?types=TEST_OPEN_SUCCESS&limit=4" + more)
            let found = events(page)
            #expect(found.count <= 4)
            seen += found.compactMap { $0.json["id"]?.string }
            cursor = page.json?["nextCursor"]?.string
            if cursor == nil || found.isEmpty { break }
        }
        #expect(seen == wanted)
    }

    @Test(
        "a bad query is refused with details",
        arguments: [
            "?limit=0", "?limit=1001", "?limit=x", "?limit=-1", "?dateFrom=yesterday",
            "?dateTo=2024-13-01T00:00:00Z", "?cursor=x", "?limit=1&limit=2",
            "/summary?by=route", "/summary?dateTo=never",
        ]
    )
    func badQuery(_ text: String) throws {
        let answer = try query(text)
        #expect(answer.status == 400)
        #expect(answer.code == "invalid-request")
        let detail = answer.json?["details"]?.array?.first
        #expect(detail?["location"]?.string == "query")
        #expect(text.contains(detail?["param"]?.string ?? "none"))
    }

    @Test func `the gateway answers by itself`() throws {
        let scene = try GatewayScene.here()
        #expect(try query("").status == 200)
        #expect(scene.upstream.arrivals(at: "/v1/events").isEmpty)
    }

    @Test func `no filter and no cursor gives one tenant's events to another`() throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(Request("GET", "/open/beta", host: "beta.test"))
        let request = response["X-Request-Id"] ?? "none"
        _ = try scene.exchange(Request("GET", "/open/acme"))
        let own = events(try query("?requestIds=\(request)", tenant: "beta"))
        let ids = own.compactMap { $0.json["id"]?.string }.joined(separator: ",")
        let cursor = try query("?limit=1", tenant: "beta").json?["nextCursor"]?.string ?? ""
        #expect(own.count == 2 && !cursor.isEmpty)
        let attempts = [
            "?tenants=beta", "?tenants=beta,acme&limit=1000", "?ids=\(ids)",
            "?requestIds=\(request)",
            "?types=TEST_OPEN_START,TEST_OPEN_SUCCESS&limit=1000", "?cursor=\(cursor)&limit=1000",
            "?categories=openid,gateway,test&limit=1000", "?managementUserIds=none&limit=1000",
            "?tenantId=beta&tenant=beta", "?ids=\(ids)&tenants=beta",
        ]
        for attempt in attempts {
            let answer = try query(attempt)
            #expect(answer.status == 200, "\(attempt)")
            #expect(events(answer).allSatisfy { $0.tenantId == "acme" }, "\(attempt)")
            #expect(!answer.text.contains(request), "\(attempt)")
        }
        let summary = try query("/summary?by=tenant&tenants=beta")
        let keys = (summary.json?["rows"]?.array ?? []).compactMap { $0["key"]?.string }
        #expect(keys == ["acme"])
    }

    @Test func `a cursor that was changed is refused with details`() throws {
        let scene = try GatewayScene.here()
        _ = try scene.exchange(Request("GET", "/open/cursor"))
        let cursor = try #require(try query("?limit=1").json?["nextCursor"]?.string)
        #expect(try query("?cursor=\(cursor)").status == 200)
        for index in [0, 15, 30, cursor.count - 1] {
            var digits = Array(cursor)
            digits[index] = digits[index] == "0" ? "1" : "0"
            let answer = try query("?cursor=\(String(digits))")
            #expect(answer.status == 400)
            #expect(answer.json?["details"]?.array?.first?["param"]?.string == "cursor")
        }
    }

    @Test func `a summary counts what the events say`() throws {
        let scene = try GatewayScene.here()
        for index in 0..<5 { _ = try scene.exchange(Request("GET", "/open/sum-\(index)")) }
        let types = "types=TEST_OPEN_START,TEST_OPEN_SUCCESS"
        let wanted = events(try query("?limit=1000&" + types)).count
        let answer = try query("/summary?by=type&" + types)
        #expect(answer.status == 200)
        #expect(answer.json?["complete"] == .bool(true))
        let rows = answer.json?["rows"]?.array ?? []
        #expect(rows.count == 2)
        let counts = rows.compactMap { $0["events"]?.number }
        #expect(counts.reduce(0, +) == Double(wanted))
        let outcome = rows.first { $0["key"]?.string == "TEST_OPEN_SUCCESS" }
        #expect(outcome?["successes"]?.number == outcome?["events"]?.number)
        let latency = try #require(outcome?["latencyMs"])
        let times = ["p50", "p90", "p99", "max"].compactMap { latency[$0]?.number }
        #expect(times.count == 4 && times == times.sorted() && (times.first ?? 0) > 0)
        for grouping in ["tenant", "client", "hour"] {
            let answer = try query("/summary?by=\(grouping)&" + types)
            let rows = answer.json?["rows"]?.array ?? []
            #expect(rows.compactMap { $0["events"]?.number }.reduce(0, +) == Double(wanted))
        }
        #expect(try query("/summary?dateFrom=2099-01-01").json?["rows"]?.array?.isEmpty == true)
    }

    @Test func `the same roles read summaries`() throws {
        let scene = try GatewayScene.here()
        let request = Request("GET", "/v1/events/summary")
        #expect(try scene.exchange(request).status == 401)
        for (role, status) in [("auditor", 200), ("admin", 200), ("issuer", 403)] {
            let token = try TokenOrder(roles: [.string(role)]).signed()
            #expect(try scene.exchange(request.bearing(token)).status == status, "\(role)")
        }
    }

    @Test func `the admin listener answers for all tenants, or those that are named`() throws {
        let scene = try GatewayScene.here()
        _ = try scene.exchange(Request("GET", "/open/a"))
        _ = try scene.exchange(Request("GET", "/open/b", host: "beta.test"))
        func tenants(_ text: String) throws -> Set<String> {
            let answer = try scene.admin("GET", "/v1/events" + text)
            #expect(answer.status == 200)
            return Set(events(answer).compactMap(\.tenantId))
        }
        #expect(try tenants("?limit=1000").isSuperset(of: ["acme", "beta"]))
        #expect(try tenants("?limit=1000&tenants=beta") == ["beta"])
        #expect(try tenants("?tenants=acme,beta&types=TEST_OPEN_START") == ["acme", "beta"])
        #expect(try tenants("?tenants=nobody").isEmpty)
        let summary = try scene.admin("GET", "/v1/events/summary?by=tenant")
        let keys = (summary.json?["rows"]?.array ?? []).compactMap { $0["key"]?.string }
        #expect(Set(keys).isSuperset(of: ["acme", "beta"]))
        let bad = try scene.admin("GET", "/v1/events?limit=0&dateFrom=x")
        #expect(bad.status == 400)
        #expect(bad.json?["details"]?.array?.count == 2)
        #expect(try scene.admin("POST", "/v1/events").status == 405)
        #expect(try scene.admin("GET", "/v1/events/summary?by=x").status == 400)
    }

    private func query(_ text: String, tenant: String = "acme") throws -> Response {
        let token = try TokenOrder(roles: ["auditor"], audience: .string("https://\(tenant).test"))
        let request = Request("GET", "/v1/events" + text, host: "\(tenant).test")
        return try GatewayScene.here().exchange(request.bearing(try token.signed()))
    }

    private func events(_ response: Response) -> [Event] {
        (response.json?["data"]?.array ?? []).map { Event(json: $0) }
    }
}
