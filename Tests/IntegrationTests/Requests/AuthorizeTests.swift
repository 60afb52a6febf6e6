import Testing

@Suite(
    "Authorization requests",
    .scene(AuthorizeScene.settings, upstream: AuthorizeScene.issuer)
)
struct AuthorizeTests {
    @Test(
        "a good one arrives byte for byte",
        arguments: [
            AuthorizeScene.good, AuthorizeScene.pushed, AuthorizeScene.pushed + "&state=x",
            AuthorizeScene.with("redirect_uri=http%3A%2F%2F127.0.0.1%3A51004%2Fcb"),
            AuthorizeScene.with("redirect_uri=com.example.app:/cb"),
        ]
    )
    func passes(_ target: String) throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(Request("GET", target))
        #expect(response.status == 302)
        #expect(response["Location"] == "https://issuer.example/login?a=1")
        #expect(scene.upstream.arrivals.contains { $0.target == target })
    }

    static let refused: [(target: String, code: String, error: String)] = [
        (AuthorizeScene.path, "invalid-request", "invalid_request"),
        (AuthorizeScene.path + "?", "invalid-request", "invalid_request"),
        (AuthorizeScene.with("client_id=mallory"), "client-unknown", "unauthorized_client"),
        (AuthorizeScene.with("client_id"), "invalid-request", "invalid_request"),
        (AuthorizeScene.with("redirect_uri"), "invalid-request", "invalid_request"),
        (
            AuthorizeScene.with("redirect_uri=https://evil.example/cb"), "redirect-uri-unknown",
            "invalid_request"
        ),
        (
            AuthorizeScene.with("redirect_uri=https://other.example/cb"), "redirect-uri-unknown",
            "invalid_request"
        ),
        (
            AuthorizeScene.with("redirect_uri=javascript:alert(1)"), "redirect-uri-unknown",
            "invalid_request"
        ),
        (
            AuthorizeScene.with("redirect_uri=https://wallet.example/cb%2F.."),
            "redirect-uri-unknown", "invalid_request"
        ),
        (
            AuthorizeScene.with("response_type=token"), "invalid-request",
            "unsupported_response_type"
        ),
        (AuthorizeScene.with("code_challenge"), "invalid-request", "invalid_request"),
        (AuthorizeScene.with("code_challenge_method=plain"), "invalid-request", "invalid_request"),
        (AuthorizeScene.with("code_challenge_method"), "invalid-request", "invalid_request"),
        (AuthorizeScene.with("code_challenge=abc"), "invalid-request", "invalid_request"),
        (AuthorizeScene.with("scope"), "invalid-request", "invalid_request"),
        (AuthorizeScene.with("scope=a%22"), "invalid-request", "invalid_scope"),
        (AuthorizeScene.with("request=eyJ"), "invalid-request", "invalid_request"),
        (AuthorizeScene.good + "&state=twice", "invalid-request", "invalid_request"),
        (AuthorizeScene.good + "&x=1&x=1", "invalid-request", "invalid_request"),
        (AuthorizeScene.good + "&x=%zz", "invalid-request", "invalid_request"),
        (AuthorizeScene.good + "&x=a;redirect_uri=b", "invalid-request", "invalid_request"),
        (
            AuthorizeScene.pushed + "&redirect_uri=https://evil.example", "invalid-request",
            "invalid_request"
        ),
        (
            AuthorizeScene.path + "?client_id=wallet&request_uri=https://evil.example/r.jwt",
            "invalid-request", "invalid_request"
        ),
    ]

    @Test("a bad one is answered here and never arrives", arguments: refused)
    func refuses(_ target: String, _ code: String, _ error: String) throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(
            Request("GET", target).with("Origin", "https://a.example")
        )
        #expect(response.status == 400)
        #expect(response["Location"] == nil)
        #expect(response.json?["error"]?.string == error)
        let words = response.json?["error_description"]?.string ?? ""
        #expect(words.hasPrefix("\(code): "), "\(words)")
        #expect(!words.contains("query parameter"), "\(words)")
        #expect(response["Content-Type"] == "application/json")
        Self.expectProtected(response)
        #expect(!scene.upstream.arrivals.contains { $0.target == target })
    }

    /// What every answer of an authorization endpoint says and does not say.
    static func expectProtected(_ response: Response) {
        #expect(response.values("Cache-Control") == ["no-store"])
        #expect(response.values("Referrer-Policy") == ["no-referrer"])
        #expect(!response.head.fields.contains { $0.name.lowercased().hasPrefix("access-control") })
    }

    @Test func `the issuer's answer is neither stored nor told to others`() throws {
        let scene = try GatewayScene.here()
        let request = Request("GET", AuthorizeScene.good).with("Origin", "https://a.example")
        let response = try scene.exchange(request)
        Self.expectProtected(response)
        #expect(response["X-Kept"] == "yes")
        #expect(response.text == "on")
    }

    @Test("a redirect that would send a form again is none", arguments: ["temporary", "permanent"])
    func redirects(_ state: String) throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(Request("GET", AuthorizeScene.with("state=\(state)")))
        #expect(response.status == 303)
        #expect(response["Location"] == "https://issuer.example/login?a=1")
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "")
        let outcome = try #require(events.first { $0.isOutcome })
        #expect(outcome.type == "OPENID_AUTHORIZE_SUCCESS")
    }

    @Test func `a preflight is not answered, and nothing is posted`() throws {
        let scene = try GatewayScene.here()
        for method in ["OPTIONS", "POST"] {
            let target = AuthorizeScene.with("state=\(method)")
            let response = try scene.exchange(
                Request(method, target).with("Origin", "https://a.example")
                    .with("Access-Control-Request-Method", "GET")
            )
            #expect(response.status == 405)
            #expect(response["Allow"] == "GET, HEAD")
            #expect(response["Access-Control-Allow-Origin"] == nil)
            #expect(scene.upstream.arrivals(at: target).isEmpty)
        }
    }

    @Test func `a body is refused`() throws {
        let scene = try GatewayScene.here()
        let target = AuthorizeScene.with("state=with-body")
        let response = try scene.exchange(
            Request("GET", target).with("Content-Type", "application/x-www-form-urlencoded")
                .with(body: Array("redirect_uri=https://evil.example".utf8))
        )
        #expect(response.status == 400)
        #expect(scene.upstream.arrivals(at: target).isEmpty)
    }

    @Test func `a tenant without clients refuses everybody`() throws {
        let scene = try GatewayScene.here()
        let request = Request("GET", AuthorizeScene.good + "&of=beta", host: "beta.test")
        let response = try scene.exchange(request)
        #expect(response.status == 400)
        #expect(response.json?["error"]?.string == "unauthorized_client")
        #expect(scene.upstream.arrivals(at: AuthorizeScene.good + "&of=beta").isEmpty)
    }

    @Test func `a refusal is recorded with what was wrong`() throws {
        let scene = try GatewayScene.here()
        for (target, code, word) in [
            (AuthorizeScene.with("client_id=mallory"), "client-unknown", "client_id"),
            (AuthorizeScene.with("redirect_uri=a:b"), "redirect-uri-unknown", "redirect_uri"),
            (AuthorizeScene.with("code_challenge"), "invalid-request", "code_challenge"),
        ] {
            let response = try scene.exchange(Request("GET", target))
            let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "")
            #expect(
                events.map(\.type).sorted() == ["OPENID_AUTHORIZE_FAIL", "OPENID_AUTHORIZE_START"]
            )
            let outcome = try #require(events.first { $0.isOutcome })
            #expect(outcome.names(code), "\(outcome)")
            #expect(outcome.description.contains(word), "\(outcome)")
            #expect(!outcome.description.contains("mallory"))
        }
    }

    @Test func `explain shows each check of a URL`() throws {
        let scene = try GatewayScene.here()
        func explain(_ target: String) throws -> Command.Outcome {
            try Command.postern(
                ["explain", "--config", scene.configuration, "GET", "https://acme.test" + target]
            )
        }
        let good = try explain(AuthorizeScene.good)
        #expect(good.status == 0, "\(good.output)")
        for name in ["client_id", "redirect_uri", "response_type", "code_challenge", "scope"] {
            #expect(
                good.lines.contains { $0.contains("  \(name)") && $0.contains("ok") },
                "\(name)"
            )
        }
        #expect(!good.output.contains("af0ifjsldkj"))
        let bad = try explain(AuthorizeScene.with("redirect_uri=https://evil.example/cb"))
        #expect(bad.status == 1)
        #expect(bad.output.contains("verdict: 400 redirect-uri-unknown"), "\(bad.output)")
        #expect(bad.output.contains("https://evil.example/cb"))
    }
}
