import Testing

@Suite(
    "Hosts",
    .scene(
        .with { settings in
            settings.acme.hosts = ["acme.test", "alias.test"]
            settings.beta?.hosts = ["beta.test", "*.wild.test"]
        }
    )
)
struct HostTests {
    @Test(
        "a tenant's host is known in any case and with any port",
        arguments: [
            "acme.test", "ACME.test", "Acme.Test", "acme.test:443", "acme.test:8443", "alias.test",
            "beta.test", "a.wild.test", "A.WILD.test:99",
        ]
    )
    func known(_ host: String) throws {
        #expect(
            try GatewayScene.here().exchange(Request("GET", "/open/x", host: host)).status == 200
        )
    }

    @Test(
        "any other host is misdirected",
        arguments: [
            "nobody.test", "acme.test.nobody.test", "xacme.test", "sub.acme.test", "wild.test",
            "127.0.0.1", "[::1]", "localhost", "test", "acme", "acmeXtest",
        ]
    )
    func unknown(_ host: String) throws {
        let response = try GatewayScene.here().exchange(Request("GET", "/open/x", host: host))
        #expect(response.status == 421)
        #expect(response.code != nil)
    }

    @Test(
        "a host that is none is refused",
        arguments: [
            "acme.test.", "acme.test/", "acme.test,beta.test", "acme.test beta.test", "x@acme.test",
            "acme.test:", "acme.test:x", "acme.test:-1", "acme.test:99999999", "acme.test#",
            "acme.test?x", "acme%2Etest", "[acme.test]", "", ":443", "acme..test", ".acme.test",
            "acme.test:443:443", "acme.test\\",
        ]
    )
    func malformed(_ host: String) throws {
        let scene = try GatewayScene.here()
        let target = "/open/malformed"
        let response = try scene.exchange(Request("GET", target, host: host))
        if host == "acme.test:" { return }  // RFC 3986 allows an empty port
        #expect(response.status == 400 || response.status == 421, "got \(response.status)")
        #expect(!scene.upstream.arrivals(at: target).contains { $0.head["Host"] == host })
    }

    @Test func `HTTP 1.0 without a host belongs to nobody`() throws {
        let conversation = try GatewayScene.here().connect()
        try conversation.send("GET /open/x HTTP/1.0\r\n\r\n")
        let status = try conversation.response().status
        #expect(status == 421 || status == 400)
    }

    @Test func `the tenant decides whose token it takes`() throws {
        let scene = try GatewayScene.here()
        let token = try TokenOrder().signed()
        let request = Request("GET", "/guarded/x").bearing(token)
        #expect(try scene.exchange(request).status == 200)
        var elsewhere = request
        elsewhere.host = "beta.test"
        let refused = try scene.exchange(elsewhere)
        #expect(refused.status == 401)
        #expect(refused.code == "token-audience")
        var alias = request
        alias.host = "alias.test"
        #expect(try scene.exchange(alias).status == 200)
    }
}
