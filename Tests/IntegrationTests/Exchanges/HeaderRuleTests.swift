import Testing

@Suite(
    "What the upstream sees",
    .scene(
        .with { settings in
            settings.upstream = [
                "header X-API-Key s3cret-key",
                "header X-Auth-Subject {subject}",
                "header X-Auth-All {tenant}/{client}/{request-id}",
                "header X-Auth-Roles {roles}",
                "header X-Auth-Department {claim department name}",
            ]
        }
    )
)
struct HeaderRuleTests {
    @Test func `the gateway says who asks, from where and for whom`() throws {
        let seen = try forwarded(
            Request("GET", "/guarded/said").bearing(
                try TokenOrder(roles: ["admin", "issuer"]).signed()
            )
        )
        #expect(seen.values("Host") == ["acme.test"])
        #expect(seen.values("X-Forwarded-For") == ["127.0.0.1"])
        #expect(seen.values("X-Forwarded-Proto") == ["https"])
        #expect(seen.values("X-Forwarded-Host") == ["acme.test"])
        let forwarded = (seen["Forwarded"] ?? "").lowercased()
        for part in ["for=127.0.0.1", "proto=https", "host="] { #expect(forwarded.contains(part)) }
        #expect(seen.values("X-Postern-Tenant") == ["acme"])
        #expect(seen.values("X-Postern-Client") == ["client-1"])
        #expect(seen.values("X-Postern-Subject") == ["subject-1"])
        let roles = seen.values("X-Postern-Roles")
        #expect(roles.count == 1)
        let words = Set((roles.first ?? "").split { " ,".contains($0) }.map(String.init))
        #expect(words == ["admin", "issuer"])
    }

    @Test func `the upstream's own lines are set`() throws {
        let order = try TokenOrder().with(claim: "department", ["name": "finance"])
        let identifier = "8241400f-de3b-42c5-ad7c-8a380039e796"
        let seen = try forwarded(
            Request("GET", "/guarded/lines").bearing(try order.signed())
                .with("X-Request-Id", identifier)
        )
        #expect(seen.values("X-API-Key") == ["s3cret-key"])
        #expect(seen.values("X-Auth-Subject") == ["subject-1"])
        #expect(seen.values("X-Auth-All") == ["acme/client-1/\(identifier)"])
        #expect(seen.values("X-Auth-Roles").first?.contains("admin") == true)
        #expect(seen.values("X-Auth-Department") == ["finance"])
    }

    @Test func `a public route has no caller to name`() throws {
        let seen = try forwarded(Request("GET", "/open/nobody").bearing(try TokenOrder().signed()))
        for name in ["X-Postern-Client", "X-Postern-Subject", "X-Postern-Roles"] {
            #expect(seen[name] == nil)
        }
        #expect(seen.values("X-API-Key") == ["s3cret-key"])
        #expect((seen["X-Auth-Subject"] ?? "").isEmpty)
    }

    static let spellings = [
        "X-API-Key", "x-api-key", "X_API_Key", "X.API.Key", "x_api-key", "X-Auth-Subject",
        "X_AUTH_SUBJECT", "X-Postern-Roles", "x_postern_roles", "X.Postern.Roles",
        "X-Postern-Tenant", "X_Postern-Tenant", "X-Postern-Client", "X-Postern-Subject",
        "x.postern_subject", "X-Forwarded-For", "X_Forwarded_For", "X.Forwarded.For",
        "X-Forwarded-Proto", "X_FORWARDED_PROTO", "X-Forwarded-Host", "Forwarded",
        "X_Request_Id", "X.Request.Id",
    ]

    @Test("a client's copy in any spelling never arrives", arguments: spellings, [true, false])
    func copies(_ name: String, _ isPublic: Bool) throws {
        let token = try TokenOrder().signed()
        let target = isPublic ? "/open/copy-\(name)" : "/guarded/copy-\(name)"
        let request = Request("GET", target).bearing(token)
            .with(name, "for=evil").with(name.uppercased(), "evil, evil")
        let seen = try forwarded(request)
        #expect(!seen.fields.contains { $0.value.contains("evil") }, "\(seen.fields)")
    }

    @Test(
        "Connection cannot take ours away",
        arguments: [
            "X-Postern-Tenant", "X-API-Key", "Host", "X-Forwarded-For", "X-Request-Id",
            "X-Postern-Roles, X-Postern-Subject, X-Auth-Subject",
        ]
    )
    func connectionOptions(_ names: String) throws {
        let request = Request("GET", "/guarded/options-\(names.count)")
            .bearing(try TokenOrder().signed()).with("Connection", names)
        let seen = try forwarded(request)
        for name in names.split(separator: ",").map(\.trimmed) {
            #expect(seen.values(name).count == 1, "\(name)")
        }
    }

    @Test func `hop-by-hop fields and those that Connection names end here`() throws {
        let request = Request("GET", "/open/hops").with("Connection", "keep-alive, X-Hop, x-other")
            .with("X-Hop", "1").with("X-Other", "2").with("Keep-Alive", "timeout=5")
            .with("TE", "trailers").with("Proxy-Authorization", "Basic eDp5")
            .with("Proxy-Connection", "keep-alive").with("X-End", "3")
        let seen = try forwarded(request)
        for name in [
            "X-Hop", "X-Other", "Keep-Alive", "TE", "Proxy-Authorization", "Proxy-Connection",
        ] { #expect(seen[name] == nil, "\(name)") }
        #expect(seen["X-End"] == "3")
        #expect(!seen.lists("x-hop", in: "Connection"))
    }

    @Test func `credentials end here`() throws {
        let token = try TokenOrder().signed()
        for target in ["/guarded/credentials", "/open/credentials"] {
            let seen = try forwarded(
                Request("GET", target).bearing(token).with("Cookie", "a=b").with("cookie", "c=d")
            )
            #expect(seen["Authorization"] == nil)
            #expect(seen["Cookie"] == nil)
        }
    }

    @Test func `a wallet route passes the caller's own credentials on, unread`() throws {
        let seen = try forwarded(
            Request("POST", "/v1/openid/credential").with(body: "{}")
                .with("Authorization", "DPoP wallet.token.here").with("DPoP", "a.proof.of-it")
                .with("Cookie", "a=b")
        )
        #expect(seen.values("Authorization") == ["DPoP wallet.token.here"])
        #expect(seen.values("DPoP") == ["a.proof.of-it"])
        #expect(seen.values("Cookie") == ["a=b"])
        #expect(seen["X-Postern-Client"] == nil)
    }

    @Test(
        "a token that is forwarded was found good, and goes on with its proof and nothing else",
        .scene(.with { $0.policy += Self.forwarding })
    )
    func forwardedToken() throws {
        let scene = try GatewayScene.here()
        let request = Request("GET", "/forwarded")
        #expect(try scene.exchange(request).code == "credentials-missing")
        #expect(try scene.exchange(request.bearing("a.b.c")).status == 401)
        let stranger = try TokenOrder(roles: ["auditor"]).signed()
        #expect(try scene.exchange(request.bearing(stranger)).code == "role-missing")
        #expect(scene.upstream.arrivals.isEmpty)
        let token = try TokenOrder().signed()
        let sent = request.bearing(token).with("Cookie", "a=b").with("Authorization_", "x")
        #expect(try scene.exchange(sent).status == 200)
        let seen = try scene.upstream.wait(for: "/forwarded").head
        #expect(seen.values("Authorization") == ["Bearer \(token)"])
        #expect(seen["Cookie"] == nil)
        #expect(seen.values("X-Postern-Client") == ["client-1"])
    }

    private static let forwarding = """
        route forwarded {
            match GET /forwarded
            allow role admin
            credentials forward
        }

        """

    @Test func `everything else passes as it was, in its order`() throws {
        let request = Request("GET", "/open/others").with("Accept", "a/b;q=0.1, */*")
            .with("X-Two", "1").with("X-Two", "2").with("User-Agent", "test/1 (x; y)")
            .with("If-None-Match", "\"abc\"").with("Accept-Encoding", "gzip, br")
            .with("Origin", "https://wallet.test").with("Range", "bytes=0-3").with("X-Empty", "")
        let seen = try forwarded(request)
        for field in request.fields { #expect(seen.values(field.name).contains(field.value)) }
        #expect(seen.values("X-Two") == ["1", "2"])
    }

    @Test func `a trace is begun`() throws {
        let parent = try forwarded(Request("GET", "/open/trace-begun"))["traceparent"] ?? ""
        let parts = parent.split(separator: "-").map(String.init)
        #expect(parts.map(\.count) == [2, 32, 16, 2], "\(parent)")
        #expect(parts.first == "00")
        #expect(parent.allSatisfy { $0 == "-" || ($0.isHexDigit && !$0.isUppercase) })
    }

    @Test func `a trace is continued`() throws {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        let seen = try forwarded(
            Request("GET", "/open/trace-continued")
                .with("traceparent", "00-\(trace)-00f067aa0ba902b7-01").with("tracestate", "a=b")
        )
        let parts = (seen["traceparent"] ?? "").split(separator: "-").map(String.init)
        #expect(seen.values("traceparent").count == 1)
        #expect(parts.count == 4)
        #expect(parts[1] == trace)
        #expect(parts[3] == "01")
        #expect(seen["tracestate"] == "a=b")
    }

    @Test(
        "a trace that is none is begun anew",
        arguments: [
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "nonsense",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
        ]
    )
    func badTrace(_ value: String) throws {
        let seen = try forwarded(Request("GET", "/open/trace-bad").with("traceparent", value))
        let values = seen.values("traceparent")
        #expect(values.count == 1)
        #expect(values.first != value)
    }

    @Test(
        "a claim cannot write a field of its own",
        arguments: ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\u{0}b", "a\u{85}b", "\u{1F600}"]
    )
    func hostileClaims(_ subject: String) throws {
        let scene = try GatewayScene.here()
        let token = try TokenOrder().with(claim: "sub", .string(subject)).signed()
        let target = "/guarded/hostile-\(subject.utf8.count)"
        let response = try scene.exchange(Request("GET", target).bearing(token))
        #expect(response.status != 502)
        for arrival in scene.upstream.arrivals(at: target) {
            #expect(arrival.head["X-Evil"] == nil)
            #expect(!arrival.head.raw.contains(0))
        }
    }

    /// Sends a request that passes and gives the head that the upstream got.
    private func forwarded(_ request: Request) throws -> MessageHead {
        let scene = try GatewayScene.here()
        let marked = request.with("X-Marker", "\(UInt64.random(in: 0 ... .max))")
        let response = try scene.exchange(marked)
        #expect(response.status == 200, "\(response.text)")
        let marker = marked.fields.last?.value
        let arrival = scene.upstream.arrivals.last { $0.head["X-Marker"] == marker }
        guard let arrival else { throw Trouble.unavailable("nothing reached the upstream") }
        #expect(arrival.fault == nil)
        return arrival.head
    }
}
