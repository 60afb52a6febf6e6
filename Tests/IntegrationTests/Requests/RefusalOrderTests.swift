import Testing

@Suite("The order of refusals", .scene())
struct RefusalOrderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var request: Request
        var status: Int
        var code: String?
        var testDescription: String { name }

        init(_ name: String, _ status: Int, _ code: String?, _ request: Request) {
            self.name = name
            self.request = request
            self.status = status
            self.code = code
        }
    }

    static let cases: [Case] = [
        Case("a host before a path", 421, nil, Request("GET", "/open//x", host: "nobody.test")),
        Case("a path before a route", 400, "path-not-canonical", Request("GET", "/unnamed//x")),
        Case(
            "a route before a token",
            404,
            "route-not-found",
            Request("GET", "/unnamed").bearing("x")
        ),
        Case("a method before a token", 405, nil, Request("DELETE", "/anybody").bearing("x")),
        Case(
            "a token before its validity",
            401,
            "credentials-missing",
            Request("GET", "/guarded/x")
        ),
        Case(
            "a token before a body",
            401,
            "credentials-missing",
            large(Request("POST", "/guarded/x"))
        ),
        Case(
            "a token before the policy",
            401,
            "token-malformed",
            Request("GET", "/unaudited").bearing("x")
        ),
    ]

    @Test("the first step that fails answers", arguments: cases)
    func first(_ example: Case) throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        do {
            try conversation.send(example.request)
        } catch Trouble.reset {
            // Answered and closed before all of the body was sent.
        }
        let response = try conversation.response()
        #expect(response.status == example.status)
        if let code = example.code { #expect(response.code == code) }
    }

    @Test func `the policy speaks before the body's size`() throws {
        let request = Request("POST", "/guarded/x")
            .bearing(try TokenOrder(roles: ["auditor"]).signed())
            .with("Content-Length", "50000000").with("Expect", "100-continue")
        let response = try GatewayScene.here().exchange(request)
        #expect(response.status == 403)
        #expect(response.interim.isEmpty)
    }

    private static func large(_ request: Request) -> Request {
        request.with("Content-Length", "50000000").with("Expect", "100-continue")
    }
}
