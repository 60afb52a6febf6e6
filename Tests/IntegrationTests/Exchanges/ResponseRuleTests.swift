import Testing

@Suite("What the client sees", .scene(upstream: ResponseScript.answer))
struct ResponseRuleTests {
    @Test func `fields pass as they are, in their order`() throws {
        let response = try GatewayScene.here().exchange(Request("GET", "/open/fields"))
        #expect(response.status == 201)
        #expect(response.values("Set-Cookie") == ["a=b; Secure", "c=d"])
        #expect(response["Location"] == "https://wallet.test/cb?code=1&state=2")
        #expect(response["Cache-Control"] == "max-age=5")
        #expect(response["X-Odd"] == "\"a, b\";c")
        #expect(response["Content-Type"] == "text/plain")
        #expect(response.text == "fields")
    }

    @Test func `hop-by-hop fields of the upstream end here`() throws {
        let conversation = try GatewayScene.here().connect()
        defer { conversation.close() }
        let response = try conversation.exchange(Request("GET", "/open/hops"))
        for name in ["Keep-Alive", "X-Hop", "Proxy-Authenticate", "Upgrade", "Trailer"]
        where name != "Trailer" {
            #expect(response[name] == nil, "\(name)")
        }
        #expect(!response.saysClose)
        #expect(try conversation.exchange(Request("GET", "/open/fields")).status == 201)
    }

    @Test func `the request id is ours alone`() throws {
        let response = try GatewayScene.here().exchange(Request("GET", "/open/identifier"))
        #expect(response.values("X-Request-Id").count == 1)
        #expect(isUUIDv7(response["X-Request-Id"] ?? ""))
    }

    @Test func `no-store replaces what the upstream says of caching`() throws {
        let scene = try GatewayScene.here()
        let token = try TokenOrder().signed()
        let request = Request("POST", ScenePolicy.offers).bearing(token).with(body: "{}")
        let response = try scene.exchange(request)
        #expect(response.status == 201)
        #expect(response.values("Cache-Control") == ["no-store"])
        let kept = try scene.exchange(Request("GET", "/open/fields"))
        for name in ["CDN-Cache-Control", "Surrogate-Control", "Pragma"] {
            #expect(response[name] == nil, "\(name)")
            #expect(kept[name] == "max-age=5", "\(name)")
        }
    }

    @Test(
        "every status passes",
        arguments: [200, 201, 202, 301, 302, 307, 400, 401, 404, 418, 500, 503, 504]
    )
    func statuses(_ status: Int) throws {
        let response = try GatewayScene.here().exchange(Request("GET", "/open/status/\(status)"))
        #expect(response.status == status)
        #expect(response.text == "status \(status)")
    }

    @Test func `a challenge of the upstream passes on a wallet route`() throws {
        let request = Request("POST", "/v1/openid/credential").with(body: "{}")
        let response = try GatewayScene.here().exchange(request)
        #expect(response.status == 401)
        #expect(response["WWW-Authenticate"] == "DPoP error=\"use_dpop_nonce\"")
        #expect(response["DPoP-Nonce"] == "abc")
    }
}

private enum ResponseScript {
    static let answer: RecordingUpstream.Script = { call in
        _ = try call.body()
        let parts = call.path.split(separator: "/").map(String.init)
        switch call.path {
        case "/open/fields": try call.respond(201, text: "fields", fields)
        case "/open/hops": try call.respond(200, text: "hops", hops)
        case "/open/identifier":
            try call.respond(200, text: "x", [Field("X-Request-Id", "of-the-upstream")])
        case ScenePolicy.offers: try call.respond(201, text: "{}", fields)
        case "/v1/openid/credential": try call.respond(401, text: "{}", challenge)
        default:
            let status = Int(parts.last ?? "") ?? 200
            try call.respond(status, text: "status \(status)")
        }
    }

    private static let fields = [
        Field("Content-Type", "text/plain"), Field("Set-Cookie", "a=b; Secure"),
        Field("Set-Cookie", "c=d"), Field("Location", "https://wallet.test/cb?code=1&state=2"),
        Field("Cache-Control", "max-age=5"), Field("X-Odd", "\"a, b\";c"),
        Field("CDN-Cache-Control", "max-age=5"), Field("Surrogate-Control", "max-age=5"),
        Field("Pragma", "max-age=5"),
    ]

    private static let hops = [
        Field("Connection", "keep-alive, X-Hop"), Field("Keep-Alive", "timeout=5"),
        Field("X-Hop", "1"), Field("Proxy-Authenticate", "Basic"), Field("Upgrade", "x"),
    ]

    private static let challenge = [
        Field("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\""), Field("DPoP-Nonce", "abc"),
    ]
}
