import Foundation
import Testing

/// What tenants tell clients of themselves, RFC 9728.
@Suite("Protected resource metadata")
struct MetadataTests {
    private static let path = "/.well-known/oauth-protected-resource"

    @Test func `each tenant answers its own, and challenges lead there`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        for (host, resource) in [
            ("acme.test", "https://acme.test"), ("beta.test:8443", "https://beta.test:8443"),
        ] {
            let answer = try scene.exchange(Request("GET", Self.path, host: host))
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "application/json")
            #expect(answer["Cache-Control"] == "public, max-age=600")
            #expect(answer["X-Request-Id"] != nil)
            #expect(answer.json?["resource"]?.string == resource)
            #expect(answer.json?["authorization_servers"] == ["https://idp.test/"])
            #expect(answer.json?["bearer_methods_supported"] == ["header"])
            #expect(answer.json?["scopes_supported"] == ["reports"])
            let algorithms = answer.json?["dpop_signing_alg_values_supported"]?.array ?? []
            #expect(algorithms.contains("ES256"))
            #expect(answer.json?["dpop_bound_access_tokens_required"] == .bool(false))
            #expect(answer.json?["tls_client_certificate_bound_access_tokens"] == nil)
            let challenge = try scene.exchange(Request("GET", "/guarded/x", host: host))
            #expect(
                challenge["WWW-Authenticate"]?
                    .contains("resource_metadata=\"\(resource)\(Self.path)\"") == true
            )
        }
        #expect(scene.upstream.arrivals(at: Self.path).isEmpty)
        #expect(try scene.events().allSatisfy { !$0.description.contains("well-known") })
    }

    @Test func `an origin is the resource, whatever host is asked for`() throws {
        let scene = try GatewayScene.serving(
            .with { settings in
                settings.acme.tokens += ["dpop require", "origin https://api.acme.test"]
                settings.listener.append("client-certificates request")
            }
        )
        defer { scene.end() }
        let answer = try scene.exchange(Request("GET", Self.path + "?x=1"))
        #expect(answer.json?["resource"]?.string == "https://api.acme.test")
        #expect(answer.json?["dpop_bound_access_tokens_required"] == .bool(true))
        #expect(answer.json?["tls_client_certificate_bound_access_tokens"] == .bool(true))
        let challenge = try scene.exchange(Request("GET", "/guarded/x"))
        #expect(
            challenge["WWW-Authenticate"]?.contains("\"https://api.acme.test\(Self.path)\"") == true
        )
    }

    @Test func `HEAD has the head, other methods are refused, and the connection goes on`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let connection = try scene.connect()
        defer { connection.close() }
        let whole = try connection.exchange(Request("GET", Self.path))
        let head = try connection.exchange(Request("HEAD", Self.path))
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head["Content-Length"] == "\(whole.body.count)")
        for method in ["POST", "DELETE", "OPTIONS", "PROPFIND"] {
            let answer = try connection.exchange(Request(method, Self.path))
            #expect(answer.status == 405)
            #expect(answer["Allow"] == "GET, HEAD")
        }
        var withBody = Request("GET", Self.path)
        withBody.body = Array("abc".utf8)
        #expect(try connection.exchange(withBody).body == whole.body)
        #expect(try connection.exchange(Request("GET", Self.path)).body == whole.body)
    }

    @Test func `it is nowhere else`() throws {
        let scene = try GatewayScene.serving(.with { $0.beta?.tokens = [] })
        defer { scene.end() }
        func status(_ request: Request) throws -> Int { try scene.exchange(request).status }
        #expect(try status(Request("GET", Self.path, host: "nobody.test")) == 421)
        #expect(try status(Request("GET", Self.path, host: "beta.test")) == 404)
        #expect(try status(Request("GET", Self.path + "/x")) == 404)
        #expect(try status(Request("GET", Self.path + "/")) != 200)
        #expect(try status(Request("GET", "/.WELL-KNOWN/oauth-protected-resource")) == 404)
        #expect(try status(Request("GET", "/.well-known/oauth%2Dprotected-resource")) == 400)
        let upgrade = Request("GET", Self.path).with("Upgrade", "h2c").with("Connection", "Upgrade")
        #expect(
            try status(upgrade)
                == status(
                    Request("GET", "/open/x").with("Upgrade", "h2c").with("Connection", "Upgrade")
                )
        )
        let challenge = try scene.exchange(Request("GET", "/guarded/x", host: "beta.test"))
        #expect(challenge["WWW-Authenticate"]?.contains("resource_metadata") == false)
    }

    @Test func `a route of the policy with just this path goes first, a pattern does not`() throws {
        let route = """
            route own {
                match GET PATH
                public
            }

            """
        let scene = try GatewayScene.serving(
            .with { $0.policy += route.replacingOccurrences(of: "PATH", with: Self.path) }
        )
        defer { scene.end() }
        _ = try scene.exchange(Request("GET", Self.path))
        #expect(scene.upstream.arrivals(at: Self.path).count == 1)
        try scene.rewrite {
            $0.policy =
                ScenePolicy.standard
                + route.replacingOccurrences(of: "PATH", with: "/.well-known/{rest...}")
        }
        #expect(try scene.admin("POST", "/reload").status == 200)
        let answer = try scene.exchange(Request("GET", Self.path))
        #expect(answer.json?["resource"]?.string == "https://acme.test")
        #expect(scene.upstream.arrivals(at: Self.path).count == 1)
    }

    @Test func `the tenant of a pattern answers for the host asked for`() throws {
        let scene = try GatewayScene.serving(.with { $0.acme.hosts.append("*.acme.test") })
        defer { scene.end() }
        let answer = try scene.exchange(Request("GET", Self.path, host: "a.b.acme.test"))
        #expect(answer.json?["resource"]?.string == "https://a.b.acme.test")
    }

    @Test func `explain knows it`() throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        let outcome = try Command.postern(
            ["explain", "--config", scene.configuration, "GET", "https://acme.test\(Self.path)"]
        )
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("answered by the gateway"))
    }
}
