import Testing

/// Every spelling of `CanonicalCases` against a rule, before an upstream that writes down what it gets.
@Suite(
    "Canonical requests",
    .scene(
        .with { $0.upstream = ["header X-API-Key agent-key", "header X-Auth-Subject {subject}"] }
    )
)
struct CanonicalTests {
    @Test func `there are enough of them`() {
        let all = [
            CanonicalCases.paths, CanonicalCases.queries, CanonicalCases.hosts,
            CanonicalCases.targets,
        ]
        for cases in all { #expect(Set(cases).count == cases.count) }
        #expect(CanonicalCases.paths.count >= 120)
        #expect(all.joined().count >= 200)
    }

    @Test("a path that is not canonical is refused, never cleaned", arguments: CanonicalCases.paths)
    func path(_ spelling: String) throws {
        let token = try TokenOrder().signed()
        let open = Request("GET", spelling.replacing("@", with: "/open"))
        let guarded = Request("GET", spelling.replacing("@", with: "/guarded"))
        for request in [open, guarded, guarded.bearing(token)] {
            try expectRefusal(of: request, [400], "path \(spelling)")
        }
    }

    @Test("a query that is not well formed is refused", arguments: CanonicalCases.queries)
    func query(_ query: String) throws {
        try expectRefusal(
            of: Request("GET", "/open/x?" + query),
            [400],
            "query \(query.utf8.count)"
        )
    }

    @Test("a host that is not a tenant's one name is refused", arguments: CanonicalCases.hosts)
    func host(_ host: String) throws {
        let request = Request("GET", "/open/x", host: host)
        try expectRefusal(of: request, [400, 421], "host")
    }

    @Test("a target that is no path of the host is refused", arguments: CanonicalCases.targets)
    func target(_ target: String) throws {
        try expectRefusal(of: Request("GET", target), [400, 421], "target")
    }

    @Test("the asterisk is no path of a route", arguments: ["GET", "POST", "OPTIONS"])
    func asterisk(_ method: String) throws {
        try expectRefusal(of: Request(method, "*"), [400, 404, 405], "asterisk")
    }

    @Test(
        "of all of them none arrives, and of what is canonical each",
        .scene()
    )
    func arrivals() throws {
        let scene = try GatewayScene.here()
        let paths = CanonicalCases.paths.map { $0.replacing("@", with: "/open") }
        let queries = CanonicalCases.queries.map { "/open/x?" + $0 }
        for target in paths + queries + CanonicalCases.targets {
            #expect((400...421).contains(try scene.exchange(Request("GET", target)).status))
        }
        for host in CanonicalCases.hosts {
            let status = try scene.exchange(Request("GET", "/open/x", host: host)).status
            #expect((400...421).contains(status), "\(host)")
        }
        #expect(scene.upstream.arrivals.map(\.target) == [])
        let canonical = ["/open", "/open/x", "/open/x/", "/open/%C3%A9"]
        let wanted = canonical + CanonicalCases.goodQueries.map { "/open/x?" + $0 }
        for target in wanted {
            #expect(try scene.exchange(Request("GET", target)).status == 200, "\(target)")
        }
        #expect(scene.upstream.arrivals.map(\.target) == wanted)
    }

    @Test("nobody says for himself who he is", arguments: CanonicalCases.identities)
    func identity(_ name: String) throws {
        let scene = try GatewayScene.here()
        for target in ["/open/identity", "/guarded/identity"] {
            var request = Request("GET", target).with("X-Case", "\(name) \(target)")
            if target.hasPrefix("/guarded"), !name.lowercased().hasPrefix("authorization") {
                request = request.bearing(try TokenOrder().signed())
            }
            let response = try scene.exchange(request.with(name, "forged-by-the-client"))
            #expect([200, 400, 401].contains(response.status), "\(target)")
            let seen = scene.upstream.arrivals.filter { $0.head["X-Case"] == "\(name) \(target)" }
            #expect(seen.count == (response.status == 200 ? 1 : 0))
            let forged = seen.flatMap(\.head.fields).filter { $0.value.contains("forged") }
            #expect(forged == [])
        }
    }

    @Test("a client takes nothing back that the gateway says", arguments: CanonicalCases.identities)
    func taken(_ name: String) throws {
        let scene = try GatewayScene.here()
        let request = Request("GET", "/guarded/taken").bearing(try TokenOrder().signed())
            .with("X-Case", name).with("Connection", "close, \(name)")
        let status = try scene.exchange(request).status
        let arrivals = scene.upstream.arrivals.filter {
            $0.target == "/guarded/taken" && $0.head["X-Case"] == name
        }
        #expect(arrivals.count == (status == 200 ? 1 : 0))
        for seen in arrivals.map(\.head) {
            #expect(seen.values("X-Postern-Client") == ["client-1"])
            #expect(seen.values("X-Auth-Subject") == ["subject-1"])
            #expect(seen.values("X-API-Key") == ["agent-key"])
            #expect(seen.values("X-Forwarded-For") == ["127.0.0.1"])
        }
    }

    private func expectRefusal(
        of request: Request,
        _ statuses: Set<Int>,
        _ name: String
    ) throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(request.with("X-Case", name))
        #expect(statuses.contains(response.status), "got \(response.status)")
        #expect(response.json != nil, "\(response.text)")
        #expect(!scene.upstream.arrivals.contains { $0.head["X-Case"] == name })
    }
}
