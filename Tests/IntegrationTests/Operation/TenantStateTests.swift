import Foundation
import Testing

@Suite("Tenant states")
struct TenantStateTests {
    private func scene(_ line: String) throws -> GatewayScene {
        try GatewayScene.serving(.with { $0.acme.routes = line })
    }

    @Test func `a suspended tenant answers nothing else, whatever is asked`() throws {
        let scene = try scene("suspended")
        defer { scene.end() }
        for request in [
            Request("GET", "/open/x"), Request("GET", "/unnamed"), Request("GET", "/open//x"),
            Request("GET", "/.well-known/oauth-protected-resource"),
            Request("GET", "/guarded/x").bearing(try TokenOrder().signed()),
            Request("POST", "/v1/openid/credential").with(body: "x"),
        ] {
            let answer = try scene.exchange(request)
            #expect(answer.status == 503, "\(request.target)")
            #expect(answer.code == "tenant-suspended", "\(request.target)")
            #expect(answer.values("Retry-After") == ["60"])
            #expect(answer.values("WWW-Authenticate").isEmpty)
        }
        #expect(scene.upstream.arrivals.isEmpty)
        #expect(try scene.exchange(Request("GET", "/open/x", host: "beta.test")).status == 200)
        let events = try scene.events(["--tenant", "acme"]) { $0.count >= 6 }
        #expect(events.map(\.type) == Array(repeating: "GATEWAY_REQUEST_REFUSED", count: 6))
        #expect(events.allSatisfy { $0.names("tenant-suspended") })
        #expect(try scene.metric("postern_refusals_total{code=\"tenant-suspended\"}") == 6)
    }

    @Test func `a tenant suspended for good is told so, without an error of the token`() throws {
        let scene = try scene("suspended 403")
        defer { scene.end() }
        let answer = try scene.exchange(
            Request("GET", "/guarded/x").bearing(try TokenOrder().signed())
        )
        #expect(answer.status == 403)
        #expect(answer.code == "tenant-suspended")
        #expect(answer.values("Retry-After").isEmpty)
        let challenge = answer["WWW-Authenticate"] ?? ""
        #expect(challenge.contains("Bearer"))
        #expect(!challenge.contains("error"), "\(challenge)")
    }

    @Test(
        "a read-only tenant takes what changes nothing",
        arguments: [
            ("GET", "/open/x", 200, nil), ("HEAD", "/open/x", 200, nil),
            ("OPTIONS", "/open/x", 200, nil), ("POST", "/open/x", 403, "tenant-read-only"),
            ("PROPFIND", "/open/x", 403, "tenant-read-only"),
            ("POST", "/v1/openid/credential", 403, "tenant-read-only"),
            ("POST", "/guarded/x", 403, "tenant-read-only"),
            ("GET", "/guarded/x", 401, "credentials-missing"),
            ("POST", "/unnamed", 404, "route-not-found"),
            ("DELETE", "/guarded/x", 405, "method-not-allowed"),
        ] as [(String, String, Int, String?)]
    )
    func readOnly(_ method: String, _ path: String, _ status: Int, _ code: String?) throws {
        let scene = try scene("read-only")
        defer { scene.end() }
        let answer = try scene.exchange(Request(method, path))
        #expect(answer.status == status)
        #expect(answer.code == code)
        guard code == "tenant-read-only" else { return }
        #expect(answer["WWW-Authenticate"]?.contains("error") == false)
        #expect(scene.upstream.arrivals.isEmpty)
        let events = try scene.events(ofRequest: answer["X-Request-Id"] ?? "none")
        #expect(events.map(\.type) == ["GATEWAY_REQUEST_REFUSED"])
        #expect(events.first?.data?["route"]?.string != nil, "\(events)")
    }

    @Test func `a reload suspends and resumes, on connections that stay open`() throws {
        let scene = try scene("")
        defer { scene.end() }
        let conversation = try scene.connect()
        defer { conversation.close() }
        let write = Request("POST", "/open/x").with(body: "x")
        for (line, status) in [
            ("", 200), ("read-only", 403), ("suspended\nread-only", 503), ("suspended 403", 403),
            ("read-only\nsuspended", 503), ("", 200),
        ] {
            try scene.rewrite { $0.acme.routes = line }
            #expect(try scene.admin("POST", "/reload").status == 200)
            #expect(try conversation.exchange(write).status == status, "\(line)")
        }
    }

    @Test func `the commands say so, and where it is said`() throws {
        let scene = try GatewayScene(.with { $0.acme.routes = "read-only" })
        defer { scene.end() }
        func postern(_ words: String...) throws -> Command.Outcome {
            let rest = Array(words.dropFirst())
            return try Command.postern([words[0], "--config", scene.configuration] + rest)
        }
        #expect(try postern("check").output.contains(", read-only\n"))
        #expect(try postern("routes").output.hasSuffix("\ntenant acme is read-only\n"))
        #expect(try !postern("routes", "--tenant", "beta").output.contains("read-only"))
        let change = try postern("explain", "POST", "https://acme.test/open/x")
        #expect(change.status == 1)
        #expect(change.output.contains("verdict: 403 tenant-read-only"), "\(change.output)")
        #expect(change.output.contains(/read-only, .*postern.conf:\d+/), "\(change.output)")
        #expect(try postern("explain", "GET", "https://acme.test/open/x").status == 0)
        try scene.rewrite { $0.acme.routes = "suspended" }
        let anything = try postern("explain", "GET", "https://acme.test/open//x")
        #expect(anything.output.contains("verdict: 503 tenant-suspended"), "\(anything.output)")
    }
}
