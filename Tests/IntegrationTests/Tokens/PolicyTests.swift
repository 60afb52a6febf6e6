import Testing

@Suite(
    "Policy over the wire",
    .scene(
        .with { settings in
            settings.beta?.routes = """
                route offerDelete {
                    allow role auditor
                }
                """
        }
    )
)
struct PolicyTests {
    /// A caller, what it asks for and what it gets.
    struct Case: Sendable, CustomTestStringConvertible {
        var method: String
        var target: String
        var claims: [String: JSON]
        var status: Int
        var code: String?

        init(
            _ method: String,
            _ target: String,
            _ claims: [String: JSON],
            _ status: Int,
            _ code: String? = nil
        ) {
            self.method = method
            self.target = target
            self.claims = claims
            self.status = status
            self.code = code
        }

        var testDescription: String {
            "\(method) \(target.prefix(40)) as \(JSON.object(claims).text) is \(status)"
        }
    }

    static let offers = ScenePolicy.offers
    static let roles: [Case] = [
        Case("POST", offers, ["roles": ["admin"]], 200),
        Case("POST", offers, ["roles": ["issuer"]], 200),
        Case("POST", offers, ["roles": ["managed-issuer"]], 200),
        Case("POST", offers, ["roles": ["auditor", "issuer"]], 200),
        Case("POST", offers, ["roles": "auditor issuer"], 200),
        Case("POST", offers, ["roles": "issuer"], 200),
        Case("POST", offers, ["roles": ["auditor"]], 403, "role-missing"),
        Case("POST", offers, ["roles": []], 403, "role-missing"),
        Case("POST", offers, ["roles": nil], 403, "role-missing"),
        Case("POST", offers, ["roles": ["Issuer"]], 403, "role-missing"),
        Case("POST", offers, ["roles": ["issuer "]], 403, "role-missing"),
        Case("POST", offers, ["roles": ["issue", "r"]], 403, "role-missing"),
        Case("POST", offers, ["roles": ["admin,issuer"]], 403, "role-missing"),
        Case("POST", offers, ["roles": ["issuer auditor"]], 403, "role-missing"),
        Case("POST", offers, ["roles": [["issuer"]]], 403, "role-missing"),
        Case("POST", offers, ["roles": ["x": "issuer"]], 403, "role-missing"),
        Case("POST", offers, ["roles": [], "role": "issuer"], 403, "role-missing"),
        Case("DELETE", ScenePolicy.offer, ["roles": ["issuer"]], 200),
        Case("DELETE", ScenePolicy.offer, ["roles": ["auditor"]], 403, "role-missing"),
    ]
    static let facts: [Case] = [
        Case("GET", "/scoped", ["scope": "reports"], 200),
        Case("GET", "/scoped", ["scope": "other reports more"], 200),
        Case("GET", "/scoped", ["scope": "reportsmore"], 403),
        Case("GET", "/scoped", ["scope": "REPORTS"], 403),
        Case("GET", "/scoped", [:], 403),
        Case("GET", "/department", ["department": ["name": "finance"]], 200),
        Case("GET", "/department", ["department": ["name": "Finance"]], 403),
        Case("GET", "/department", ["department": "finance"], 403),
        Case("GET", "/department", ["department.name": "finance"], 403),
        Case("GET", "/anybody", ["roles": []], 200),
        Case("GET", "/unaudited", ["roles": []], 200),
        Case("GET", "/unaudited", ["roles": ["auditor"]], 403),
        Case("GET", "/unaudited", ["roles": ["admin", "auditor"]], 403),
    ]

    @Test("the claims decide", arguments: roles + facts)
    func decision(_ example: Case) throws {
        var order = try TokenOrder(roles: [])
        for (name, value) in example.claims { order = order.with(claim: name, value) }
        let response = try GatewayScene.here().exchange(
            Request(example.method, example.target).bearing(try order.signed())
        )
        #expect(response.status == example.status)
        if let code = example.code { #expect(response.code == code) }
        if example.status == 403 {
            #expect(["role-missing", "denied"].contains(response.code ?? ""))
        }
    }

    @Test func `a tenant's own lines replace the policy's for that route`() throws {
        let scene = try GatewayScene.here()
        func status(_ method: String, _ target: String, _ role: JSON) throws -> Int {
            let token = try TokenOrder(roles: [role], audience: "https://beta.test").signed()
            let request = Request(method, target, host: "beta.test").bearing(token)
            return try scene.exchange(request).status
        }
        #expect(try status("DELETE", ScenePolicy.offer, "auditor") == 200)
        #expect(try status("DELETE", ScenePolicy.offer, "admin") == 403)
        #expect(try status("POST", ScenePolicy.offers, "admin") == 200)
        #expect(try status("POST", ScenePolicy.offers, "auditor") == 403)
    }

    @Test func `a refused call never reaches the upstream`() throws {
        let scene = try GatewayScene.here()
        let token = try TokenOrder(roles: ["auditor"]).signed()
        let request = Request("GET", "/guarded/refused").bearing(token)
        #expect(try scene.exchange(request).status == 403)
        #expect(scene.upstream.arrivals(at: "/guarded/refused").isEmpty)
    }

    @Test func `a public route asks nobody, and a bad token does not matter there`() throws {
        let scene = try GatewayScene.here()
        #expect(try scene.exchange(Request("GET", "/open/x").bearing("nonsense")).status == 200)
    }

    @Test func `GET includes HEAD, with the same rules`() throws {
        let scene = try GatewayScene.here()
        let head = Request("HEAD", "/guarded/x")
        #expect(try scene.exchange(head).status == 401)
        #expect(try scene.exchange(head.bearing(try TokenOrder().signed())).status == 200)
    }
}
