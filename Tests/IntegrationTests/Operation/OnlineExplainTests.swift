import Foundation
import Testing

@Suite("Explaining refusals online")
struct OnlineExplainTests {
    private func explain(_ scene: GatewayScene, _ answer: Response) throws -> Response {
        try scene.admin("GET", "/explain/\(answer["X-Request-Id"] ?? "none")")
    }

    /// The checks as `NAME RESULT`.
    private func checks(_ answer: Response) -> [String] {
        (answer.json?["checks"]?.array ?? []).map {
            "\($0["check"]?.string ?? "") \($0["result"]?.string ?? "")"
        }
    }

    @Test func `a refusal by the policy names every line and its place`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let token = try TokenOrder(roles: ["auditor"]).signed()
        let refused = try scene.exchange(
            Request("GET", "/unaudited?secret=1").bearing(token)
        )
        #expect(refused.status == 403)
        let answer = try explain(scene, refused)
        #expect(answer.status == 200, "\(answer.text)")
        let json = answer.json
        #expect(json?["code"]?.string == "denied")
        #expect(json?["tenant"]?.string == "acme")
        #expect(json?["route"]?.string == "nobodyAuditing")
        #expect(json?["roles"]?.array?.compactMap(\.string) == ["auditor"])
        #expect(
            checks(answer).suffix(4) == [
                "journal passed", "deny holds", "allow holds", "policy refused",
            ]
        )
        #expect(checks(answer).prefix(3) == ["framing passed", "host passed", "tenant passed"])
        let place = json?["checks"]?.array?.last?["at"]?.string ?? ""
        #expect(place.contains(/scene\.policy:\d+$/), "\(answer.text)")
        #expect(!answer.text.contains("secret"))
        #expect(!answer.text.contains(token.split(separator: ".")[2]))
    }

    @Test(
        "a refusal names the check it failed",
        arguments: [
            (Request("GET", "/unnamed"), "route refused"),
            (Request("GET", "/open//x"), "path refused"),
            (Request("GET", "/open/x", host: "nobody.test"), "host refused"),
            (Request("GET", "/guarded/x"), "credential refused"),
            (Request("GET", "/guarded/x").bearing("x"), "token refused"),
            (Request("GET", "/numbered/x"), "request refused"),
        ]
    )
    func check(_ request: Request, _ last: String) throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let answer = try explain(scene, try scene.exchange(request))
        #expect(checks(answer).last == last, "\(answer.text)")
        #expect(checks(answer).dropLast().allSatisfy { $0.hasSuffix(" passed") })
    }

    @Test func `a refusal is remembered, too, that comes after the policy allowed`() throws {
        let nobody = try FreePort.next()
        let settings = SceneSettings.with { settings in
            settings.servers = ["http://127.0.0.1:\(nobody)"]
            settings.policy += """

                route held {
                    match POST /held
                    public
                    body json
                    field name string required
                }
                """
        }
        let scene = try GatewayScene.serving(settings)
        defer { scene.end() }
        let cases = [
            (
                Request("POST", "/held").with(body: #"{"name":1}"#), "invalid-request",
                "request refused"
            ),
            (Request("GET", "/open/x"), "upstream-unreachable", "upstream refused"),
        ]
        for (request, code, last) in cases {
            let answer = try explain(scene, try scene.exchange(request))
            #expect(answer.json?["code"]?.string == code, "\(answer.text)")
            #expect(checks(answer).last == last, "\(answer.text)")
        }
    }

    @Test func `what is not remembered is not found`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let fine = try scene.exchange(Request("GET", "/open/x"))
        #expect(try explain(scene, fine).status == 404)
        #expect(try scene.admin("GET", "/explain/").status == 404)
        #expect(try scene.admin("GET", "/explain/nobody").status == 404)
        #expect(try scene.admin("POST", "/explain/nobody").status == 405)
    }

    @Test func `what a replaced configuration decided is told as such`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let refused = try scene.exchange(Request("GET", "/unnamed"))
        try scene.rewrite { $0.policy = "route first {\nmatch GET /\npublic\n}\n" + $0.policy }
        #expect(try scene.admin("POST", "/reload").status == 200)
        let answer = try explain(scene, refused)
        #expect(answer.status == 200)
        #expect(answer.json?["code"]?.string == "route-not-found")
        #expect(answer.json?["tenant"] == nil)
        #expect(checks(answer) == ["route refused"])
    }
}
