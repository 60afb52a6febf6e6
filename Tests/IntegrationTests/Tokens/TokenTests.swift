import Testing

@Suite("Tokens", .scene(TokenScene.settings))
struct TokenTests {
    /// A token made wrong in one place.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var codes: Set<String>
        var make: @Sendable () throws -> String
        var testDescription: String { name }

        init(_ name: String, _ codes: String..., make: @escaping @Sendable () throws -> String) {
            self.name = name
            self.codes = Set(codes)
            self.make = make
        }

        init(
            _ name: String,
            _ codes: String...,
            change: @escaping @Sendable (TokenOrder) throws -> TokenOrder
        ) {
            self.name = name
            self.codes = Set(codes)
            make = { try change(TokenOrder()).signed() }
        }
    }

    @Test("a wrong token is refused by its code", arguments: TokenCases.all)
    func refused(_ example: Case) throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(Request("GET", "/guarded/x").bearing(try example.make()))
        #expect(response.status == 401)
        #expect(example.codes.contains(response.code ?? ""), "got \(response.code ?? "nothing")")
        #expect(response["WWW-Authenticate"]?.contains("error=\"invalid_token\"") == true)
    }

    @Test func `no wrong token ever reaches the upstream`() throws {
        let scene = try GatewayScene.here()
        for example in TokenCases.all {
            _ = try scene.exchange(Request("GET", "/guarded/wrong").bearing(try example.make()))
        }
        #expect(scene.upstream.arrivals(at: "/guarded/wrong").isEmpty)
    }

    @Test(
        "every asymmetric algorithm is accepted",
        arguments: [
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
            "EdDSA",
        ]
    )
    func algorithm(_ name: String) throws {
        let token = try TokenOrder(algorithm: name).signed()
        let response = try GatewayScene.here().exchange(Request("GET", "/guarded/x").bearing(token))
        #expect(response.status == 200, "\(response.text)")
    }

    @Test(
        "what is right in an unusual way is accepted",
        arguments: [
            Case("typ application/at+jwt") { $0.with(header: "typ", "application/at+jwt") },
            Case("typ in capitals") { $0.with(header: "typ", "AT+JWT") },
            Case("typ JWT") { $0.with(header: "typ", "JWT") },
            Case("no typ") { $0.with(header: "typ", nil) },
            Case("a list of audiences") {
                $0.with(claim: "aud", ["https://other.test", "https://acme.test"])
            },
            Case("expired within the leeway") { $0.with(time: "exp", -10) },
            Case("not yet valid within the leeway") { $0.with(time: "nbf", 10) },
            Case("no iat") { $0.with(claim: "iat", nil) },
            Case("claims nobody knows") { $0.with(claim: "http://x/y", ["a": [1, nil, true]]) },
            Case("header members nobody knows") { $0.with(header: "x", ["y": 1]) },
        ]
    )
    func accepted(_ example: Case) throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(Request("GET", "/guarded/x").bearing(try example.make()))
        #expect(response.status == 200, "\(response.text)")
    }

    @Test func `the scheme is known in any case`() throws {
        let token = try TokenOrder().signed()
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let request = Request("GET", "/guarded/x").with("Authorization", "\(scheme) \(token)")
            #expect(try GatewayScene.here().exchange(request).status == 200)
        }
    }

    @Test func `a token is taken from the field alone`() throws {
        let scene = try GatewayScene.here()
        let token = try TokenOrder().signed()
        for request in [
            Request("GET", "/guarded/x?access_token=\(token)"),
            Request("GET", "/guarded/x").with("Cookie", "access_token=\(token)"),
            Request("GET", "/guarded/x").with("X-Authorization", "Bearer \(token)"),
            Request("GET", "/guarded/x").with("Proxy-Authorization", "Bearer \(token)"),
        ] {
            let response = try scene.exchange(request)
            #expect(response.status == 401)
            #expect(response.code == "credentials-missing")
        }
    }

    @Test(
        "one credential, well formed",
        arguments: ["Bearer", "Bearer ", "Basic YTpi", "Digest x", "x"]
    )
    func poorCredential(_ value: String) throws {
        let request = Request("GET", "/guarded/x").with("Authorization", value)
        let response = try GatewayScene.here().exchange(request)
        #expect(response.status == 401 || response.status == 400)
        #expect(response["WWW-Authenticate"] != nil || response.status == 400)
    }

    @Test func `two credentials are one too many`() throws {
        let token = try TokenOrder().signed()
        let request = Request("GET", "/guarded/x").bearing(token)
        for second in [request.bearing(token), request.with("authorization", "Basic YTpi")] {
            let response = try GatewayScene.here().exchange(second)
            #expect(response.status == 400)
            #expect(response.code == "credentials-repeated")
        }
    }

    @Test func `a token once accepted is checked again on every request`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        let token = try TokenOrder(roles: ["issuer"]).signed()
        func status(_ target: String, host: String = "acme.test") throws -> Int {
            try conversation.exchange(Request("GET", target, host: host).bearing(token)).status
        }
        #expect(try status("/guarded/x") == 200)
        #expect(try status("/scoped") == 403)
        #expect(try status("/guarded/x") == 200)
        #expect(try status("/guarded/x", host: "beta.test") == 401)
        #expect(try status("/guarded/x") == 200)
        let damaged = String(token.dropLast(3)) + "AAA"
        let refused = try conversation.exchange(Request("GET", "/guarded/x").bearing(damaged))
        #expect(refused.code == "token-signature" || refused.code == "token-malformed")
    }

    @Test func `a token that was accepted is refused once it has expired`() throws {
        let scene = try GatewayScene.here()
        let token = try Self.beta().with(time: "exp", 1).signed()
        let request = Request("GET", "/guarded/x", host: "beta.test").bearing(token)
        #expect(try scene.exchange(request).status == 200)
        let deadline = Deadline(seconds: 6)
        var response = try scene.exchange(request)
        while response.status == 200, !deadline.hasPassed { response = try scene.exchange(request) }
        #expect(response.code == "token-expired")
    }

    @Test(
        "a tenant's own rules are kept",
        arguments: [
            Case("all of them met") { try beta().signed() },
            Case("its other audience") { try beta().with(claim: "aud", "urn:beta").signed() },
            Case("an algorithm it does not take", "token-algorithm") {
                try beta(algorithm: "ES256").signed()
            },
            Case("a type it does not take", "token-type") {
                try beta().with(header: "typ", "JWT").signed()
            },
            Case("no type", "token-type") { try beta().with(header: "typ", nil).signed() },
            Case("beyond its leeway", "token-expired") {
                try beta().with(time: "exp", -5).signed()
            },
            Case("beyond its lifetime", "token-lifetime") {
                try beta().with(time: "exp", 7_200).signed()
            },
            Case("another tenant's claim", "token-tenant") {
                try beta().with(claim: "http://mattr/tenant-id", "2f1d").signed()
            },
            Case("no tenant claim", "token-tenant") {
                try beta().with(claim: "http://mattr/tenant-id", nil).signed()
            },
            Case("a role that no line maps", "role-missing") {
                try beta().with(claim: "realm_access", ["roles": ["admin"]]).signed()
            },
            Case("a role at another place", "role-missing") {
                try beta().with(claim: "realm_access", nil).with(claim: "roles", ["boss"]).signed()
            },
        ]
    )
    func tenantRules(_ example: Case) throws {
        let response = try GatewayScene.here().exchange(
            Request("GET", "/guarded/x", host: "beta.test").bearing(try example.make())
        )
        #expect(response.code == example.codes.first, "\(response.status) \(response.text)")
        if example.codes.isEmpty { #expect(response.status == 200) }
    }

    /// A token that the second tenant takes.
    private static func beta(algorithm: String = "RS256") throws -> TokenOrder {
        try TokenOrder(algorithm: algorithm, audience: "https://beta.test")
            .with(claim: "realm_access", ["roles": ["boss"]])
            .with(claim: "http://mattr/tenant-id", "2f1c").with(claim: "roles", nil)
    }
}

/// Two tenants, the second with rules of its own.
private enum TokenScene {
    static let settings = SceneSettings.with { settings in
        settings.beta?.tokens = [
            "issuer https://idp.test/", "audience https://beta.test", "audience urn:beta",
            "keys file:keys.json", "algorithms RS256", "types at+jwt", "leeway 1s",
            "max-lifetime 1h", "roles claim realm_access roles", "role admin from boss",
            "tenant claim http://mattr/tenant-id equals 2f1c",
        ]
    }
}
