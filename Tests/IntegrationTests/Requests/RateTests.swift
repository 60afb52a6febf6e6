import Foundation
import Glibc
import Testing

@Suite("Rates")
struct RateTests {
    private static func settings(_ lines: String, access: String = "public") -> SceneSettings {
        .with { settings in
            settings.policy += """

                route rated {
                    match GET /rated/{rest...}
                    \(access)
                    event TEST_RATED
                    \(lines)
                }
                route alsoRated {
                    match GET /also/{rest...}
                    \(access)
                    errors oauth
                    \(lines)
                }
                """
        }
    }

    /// The answers to one request on each of many connections, which spread over the event loops.
    private func answers(
        _ count: Int,
        _ scene: GatewayScene,
        _ request: Request
    ) throws -> [Response] {
        let conversations = try (0..<count).map { _ in try scene.connect() }
        defer { for conversation in conversations { conversation.close() } }
        for conversation in conversations { try conversation.send(request) }
        return try conversations.map { try $0.response() }
    }

    @Test func `an address has its burst once, on all event loops together`() throws {
        let scene = try GatewayScene.serving(Self.settings("rate 10/h burst 5 by address"))
        defer { scene.end() }
        let request = Request("GET", "/rated/x")
        let answers = try answers(24, scene, request)
        #expect(answers.count { $0.status == 200 } == 5)
        let refused = answers.filter { $0.status == 429 }
        #expect(refused.count == 19)
        for answer in refused {
            #expect(answer.code == "rate-exceeded")
            let seconds = answer["Retry-After"].flatMap { Int($0) } ?? 0
            #expect((300...360).contains(seconds), "\(seconds)")
        }
        #expect(scene.upstream.arrivals(at: "/rated").count == 5)
        #expect(try scene.metric("postern_refusals_total{code=\"rate-exceeded\"}") == 19)

        // Another tenant and another route have buckets of their own; the connection goes on.
        #expect(try scene.exchange(Request("GET", "/rated/x", host: "beta.test")).status == 200)
        let conversation = try scene.connect()
        defer { conversation.close() }
        let last = try conversation.exchange(request)
        #expect(last.status == 429)
        #expect(try conversation.exchange(Request("GET", "/also/x")).status == 200)
        #expect(try conversation.exchange(Request("GET", "/open/x")).status == 200)
        let identifier = last["X-Request-Id"] ?? "none"
        let events = try scene.events(["--request", identifier]) { !$0.isEmpty }
        #expect(events.map(\.type) == ["GATEWAY_REQUEST_REFUSED"])
        #expect(events.first?.names("rate-exceeded") == true)
    }

    @Test func `a tenant's requests count together, without a token too, and another's do not`()
        throws
    {
        let scene = try GatewayScene.serving(
            Self.settings("rate 10/h burst 3 by tenant", access: "allow any")
        )
        defer { scene.end() }
        let request = Request("GET", "/rated/x")
        let answers = try answers(8, scene, request)
        #expect(answers.count { $0.status == 401 } == 3)
        #expect(answers.count { $0.status == 429 } == 5)
        let signed = request.bearing(try TokenOrder().signed())
        #expect(try scene.exchange(signed).status == 429)
        let other = Request("GET", "/rated/x", host: "beta.test").bearing(
            try TokenOrder(audience: "https://beta.test").signed()
        )
        #expect(try scene.exchange(other).status == 200)
    }

    @Test func `a client is counted by its valid token only`() throws {
        let scene = try GatewayScene.serving(
            Self.settings("rate 10/h burst 4 by client", access: "allow any")
        )
        defer { scene.end() }
        let request = Request("GET", "/rated/x")
        #expect(try answers(8, scene, request).allSatisfy { $0.status == 401 })
        let first = request.bearing(try TokenOrder().signed())
        let answers = try answers(16, scene, first)
        #expect(answers.count { $0.status == 200 } == 4)
        #expect(answers.count { $0.status == 429 } == 12)
        let again = try TokenOrder().with(claim: "jti", "another token").signed()
        #expect(try scene.exchange(request.bearing(again)).status == 429)
        let second = try TokenOrder().with(claim: "azp", "client-2").signed()
        #expect(try scene.exchange(request.bearing(second)).status == 200)
    }

    @Test func `who waits as told passes`() throws {
        let scene = try GatewayScene.serving(Self.settings("rate 1/s by address"))
        defer { scene.end() }
        let request = Request("GET", "/also/x")
        let refused = try answers(12, scene, request).first { $0.status == 429 }
        #expect(refused?.json?["error"]?.string == "temporarily_unavailable")
        #expect(refused?["Retry-After"] == "1")
        sleep(1)
        #expect(try scene.exchange(request).status == 200)
    }

    @Test func `a reload keeps what a line has counted, and a changed line begins anew`() throws {
        let scene = try GatewayScene.serving(Self.settings("rate 10/h burst 2 by address"))
        defer { scene.end() }
        let request = Request("GET", "/rated/x")
        #expect(try answers(4, scene, request).count { $0.status == 429 } == 2)
        try scene.rewrite { $0.policy += "\nroute more {\n    match GET /more\n    public\n}\n" }
        #expect(try scene.admin("POST", "/reload").status == 200)
        #expect(try scene.exchange(Request("GET", "/more")).status == 200)
        #expect(try scene.exchange(request).status == 429)
        let changed = Self.settings("rate 10/h burst 3 by address").policy
        try scene.rewrite { $0.policy = changed }
        #expect(try scene.admin("POST", "/reload").status == 200)
        #expect(try answers(6, scene, request).count { $0.status == 200 } == 3)
    }

    @Test func `a request that waits for what is said of its token counts once`() throws {
        let server = try AuthorizationServer()
        defer { server.stop() }
        server.know("opaque")
        var settings = SceneSettings.introspecting("http://127.0.0.1:\(server.port)/introspect")
        settings.policy =
            Self.settings("rate 10/h burst 1 by address", access: "allow any").policy
        let scene = try GatewayScene.serving(settings)
        defer { scene.end() }
        let request = Request("GET", "/rated/x").bearing("opaque")
        #expect(try scene.exchange(request, seconds: 20).status == 200)
        #expect(try scene.exchange(request, seconds: 20).status == 429)
    }

    @Test func `routes and explain tell the limits`() throws {
        let scene = try GatewayScene(Self.settings("rate 20/s burst 40 by address"))
        defer { scene.end() }
        let table = try Command.postern(["routes", "--config", scene.configuration])
        #expect(table.output.contains("rate 20/s burst 40 by address"), "\(table.errors)")
        let told = try Command.postern(
            ["explain", "--config", scene.configuration, "GET", "https://acme.test/rated/x"]
        )
        let wanted = "rate 20/s burst 40 by address: known to a running gateway only"
        #expect(told.output.contains(wanted), "\(told.output)\(told.errors)")
    }
}
