import Testing

@testable import Policy

@Suite("Routes that check authorize")
struct AuthorizationRouteTests {
    private static func faults(_ lines: String) -> [String] {
        PolicyText(policy: "route authorize {\n\(lines)\n}\n").faults
    }

    @Test func `one takes no token of ours, and GET only`() {
        for method in ["GET", "HEAD"] {
            #expect(Self.faults("match \(method) /a\npublic\ncheck authorize") == [])
            #expect(Self.faults("match \(method) /a\ncredentials pass\ncheck authorize") == [])
        }
        #expect(
            Self.faults("match GET /a\nallow any\ncheck authorize") == [
                "1:7 route `authorize` checks authorize: it must be `public` or say "
                    + "`credentials pass`"
            ]
        )
        for method in ["POST", "*"] {
            #expect(
                Self.faults("match GET /a\nmatch \(method) /b\npublic\ncheck authorize") == [
                    "3:1 route `authorize` checks authorize: wanted `match GET` only, or "
                        + "`match POST` only for pushed requests"
                ]
            )
        }
    }

    @Test func `or POST only, with a form`() {
        let lines = "match POST /a\ncredentials pass\ncheck authorize\n"
        #expect(Self.faults(lines + "errors oauth\nbody form") == [])
        for missing in ["", "errors oauth", "body form", "errors oauth\nbody json"] {
            #expect(
                Self.faults(lines + missing) == [
                    "1:7 route `authorize` checks pushed requests: it needs the lines `body form` "
                        + "and `errors oauth`"
                ],
                "\(missing)"
            )
        }
    }

    @Test func `a pushed request is checked like any other, in the form only`() throws {
        let route = """
            route par {
                match POST /par
                public
                errors oauth
                body form
                check authorize
            }

            """
        let script = AuthorizationCheckTests.with("redirect_uri=javascript:alert(1)")
        for (path, body, outcome) in [
            ("/par", Self.good, "allow"), ("/par", script, "redirect-uri-unknown"),
            ("/par", AuthorizationCheckTests.with("code_challenge"), "invalid-request"),
            ("/par", AuthorizationCheckTests.pushed, "invalid-request"),
            ("/par", "client_id=wallet", "invalid-request"),
            ("/par", Self.good + "&client_id=wallet", "invalid-request"),
            ("/par?state=x", Self.good, "invalid-request"),
        ] {
            let line = "test \"t\" POST \"\(path)\" body \"\(body)\" expect \(outcome)\n"
            #expect(PolicyText(policy: route + line).faults == [], "\(path) \(body)")
        }
        let policy = try PolicyText(policy: route, tenants: [("acme", "")]).compile()
        #expect(policy.routes[0].isNoStore)
        #expect(!policy.routes[0].checksAuthorization)
        let fault = policy.authorizations[0].fault(in: Array(Self.good.utf8).span, .pushed)
        #expect(fault == .clientUnknown)
    }

    @Test func `nothing else can be checked`() {
        #expect(
            Self.faults("match GET /a\npublic\ncheck authorise").first?.contains("authorize")
                == true
        )
    }

    @Test func `its answers are not stored and its refusals are those of OAuth`() throws {
        let text = "route a {\nmatch GET /a\npublic\ncheck authorize\n}\n"
        let policy = try PolicyText(policy: text).compile()
        #expect(policy.routes[0].checksAuthorization)
        #expect(policy.routes[0].isNoStore)
        #expect(policy.routes[0].errorStyle == .oauth)
        let other = text.replacing("public", with: "public\nerrors mattr")
        #expect(try PolicyText(policy: other).compile().routes[0].errorStyle == .mattr)
    }

    private static let good = AuthorizationCheckTests.good.joined(separator: "&")

    @Test func `a test line decides its query, without a tenant for whatever client`() {
        let route = "route a {\nmatch GET /a\npublic\ncheck authorize\n}\n"
        let stranger = Self.good.replacing("=wallet&", with: "=stranger&")
        let script = AuthorizationCheckTests.with("redirect_uri=javascript:alert(1)")
        for (query, outcome) in [
            ("?" + Self.good, "allow"), ("?" + stranger, "allow"), ("", "invalid-request"),
            ("?" + AuthorizationCheckTests.with("scope"), "400"),
            ("?" + script, "redirect-uri-unknown"),
        ] {
            let line = "test \"t\" GET \"/a\(query)\" expect \(outcome)\n"
            #expect(PolicyText(policy: route + line).faults == [], "\(query)")
        }
    }

    @Test func `with a tenant only for the clients of that`() throws {
        let line = "test \"t\" GET \"/a?\(Self.good)\" tenant acme expect client-unknown\n"
        let text = PolicyText(
            policy: "route a {\nmatch GET /a\npublic\ncheck authorize\n}\n" + line,
            tenants: [("acme", "")]
        )
        #expect(text.faults == [])
        let policy = try text.compile()
        let redirect = try RedirectURI("https://wallet.example/cb")
        let client = RegisteredClient(identifier: "wallet", redirects: [redirect])
        let check = AuthorizationCheck(clients: [client])
        #expect(check.fault(in: Array(Self.good.utf8).span) == nil)
        #expect(policy.authorizations[0].fault(in: Array(Self.good.utf8).span) == .clientUnknown)
    }
}
