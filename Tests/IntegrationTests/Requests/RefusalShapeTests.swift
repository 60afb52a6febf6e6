import Testing

@Suite("Shapes of refusals", .scene())
struct RefusalShapeTests {
    static let management: [Request] = [
        Request("GET", "/open//x"), Request("GET", "/unnamed"), Request("DELETE", "/anybody"),
        Request("GET", "/guarded/x"), Request("GET", "/guarded/x").bearing("x"),
        Request("GET", "/open/x", host: "nobody.test"),
        Request("POST", "/open/x").with("Content-Length", "5").with("Content-Length", "5"),
    ]

    @Test("a management refusal has a code, a message and details", arguments: management)
    func managementShape(_ request: Request) throws {
        let response = try GatewayScene.here().exchange(request)
        #expect(response.status >= 400)
        #expect(response["Content-Type"]?.hasPrefix("application/json") == true)
        #expect(response.json?["code"]?.string?.isEmpty == false)
        #expect(response.json?["message"]?.string?.isEmpty == false)
        #expect(response.json?["details"]?.array != nil)
    }

    @Test func `an OAuth refusal has the RFC's own names`() throws {
        let scene = try GatewayScene.here()
        let missing = try scene.exchange(Request("GET", "/oauth/guarded"))
        let malformed = try scene.exchange(Request("GET", "/oauth/guarded").bearing("x"))
        let forbidden = try scene.exchange(
            Request("GET", "/oauth/guarded").bearing(try TokenOrder(roles: ["auditor"]).signed())
        )
        #expect([missing.status, malformed.status, forbidden.status] == [401, 401, 403])
        for response in [missing, malformed, forbidden] {
            let error = response.json?["error"]?.string ?? ""
            #expect(Self.names.contains(error), "\(response.text)")
            let words = response.json?["error_description"]?.string ?? "\""
            #expect(words.unicodeScalars.allSatisfy(Self.isAllowed), "\(words)")
            #expect(response.json?["code"] == nil)
            #expect(response["Content-Type"]?.hasPrefix("application/json") == true)
        }
        #expect(malformed.json?["error"]?.string == "invalid_token")
    }

    @Test(
        "every answer carries a request id",
        arguments: management + [Request("GET", "/open/x"), Request("GET", "/oauth/open/x")]
    )
    func requestIdentifier(_ request: Request) throws {
        let response = try GatewayScene.here().exchange(request)
        #expect(response.values("X-Request-Id").count == 1)
        #expect(isUUIDv7(response["X-Request-Id"] ?? ""))
    }

    @Test func `a well-formed request id of the client is kept, here and there`() throws {
        let scene = try GatewayScene.here()
        let identifier = "8241400f-de3b-42c5-ad7c-8a380039e796"
        let response = try scene.exchange(
            Request("GET", "/open/identified").with("X-Request-Id", identifier)
        )
        #expect(response.values("X-Request-Id") == [identifier])
        let arrival = try scene.upstream.wait(for: "/open/identified")
        #expect(arrival.head.values("X-Request-Id") == [identifier])
        let refused = try scene.exchange(
            Request("GET", "/unnamed").with("X-Request-Id", identifier)
        )
        #expect(refused.values("X-Request-Id") == [identifier])
    }

    @Test(
        "any other request id is replaced",
        arguments: [
            "with a space", "\"quoted\"", "",
            String(repeating: "a", count: 1_000),
        ]
    )
    func replaced(_ identifier: String) throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(
            Request("GET", "/open/replaced").with("X-Request-Id", identifier)
        )
        #expect(response.status == 200)
        #expect(isUUIDv7(response["X-Request-Id"] ?? ""))
    }

    @Test func `no refusal repeats what it was sent`() throws {
        let scene = try GatewayScene.here()
        let secret = "s3cr3t-marker"
        for request in [
            Request("GET", "/unnamed/\(secret)?code=\(secret)"),
            Request("GET", "/guarded/x").bearing(secret),
            Request("GET", "/guarded/x").with("Cookie", secret),
            Request("GET", "/open/x", host: "\(secret).test"),
        ] {
            let response = try scene.exchange(request)
            #expect(response.status >= 400)
            #expect(!response.text.contains(secret))
        }
    }

    private static let names: Set<String> = [
        "invalid_request", "invalid_token", "insufficient_scope", "unauthorized_client",
        "access_denied", "server_error", "temporarily_unavailable", "invalid_client",
    ]

    /// RFC 6749 section 5.2.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x21: true
        case 0x23...0x5B: true
        case 0x5D...0x7E: true
        default: false
        }
    }
}

/// Whether a text is a UUID of version 7 in its usual form.
func isUUIDv7(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.map(\.count) == [8, 4, 4, 4, 12] && parts[2].first == "7"
        && text.allSatisfy { $0 == "-" || $0.isHexDigit }
        && "89abAB".contains(parts[3].first ?? " ")
}
