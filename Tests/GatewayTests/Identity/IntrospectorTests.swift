import HTTP
import Policy
import Testing

@testable import Gateway

@Suite("Introspector")
struct IntrospectorTests {
    static let token = Array("2YotnFZFEjr1zCsicMWpAA".utf8)
    static let active = #"{"active":true,"client_id":"c"}"#

    /// Looks `token` up and gives what was said at once, or later when `words` is asked.
    private func look(
        _ introspector: Introspector,
        _ tenant: TenantIdentity,
        _ token: [UInt8] = token
    ) -> Words {
        let words = Words()
        introspector.look(up: token, for: tenant) { words.add($0) }
        return words
    }

    @Test func `the question is a form with the client's credentials`() throws {
        let endpoint = FakeEndpoint()
        let tenant = try IdentityScene().opaqueTenant()
        _ = look(endpoint.introspector(), tenant, Array("a+b/c=".utf8))
        let request = try #require(endpoint.requests.first)
        #expect(request.method == .post)
        #expect(request.url.description == "https://idp/introspect")
        #expect(request.caPath == "/ca.pem")
        #expect(request.deadlineMilliseconds == 5_000)
        #expect(request.redirectsMax == 0)
        #expect(request.isRepeatable)
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == "token=a%2Bb%2Fc%3D&token_type_hint=access_token"
        )
        let fields = request.fields.map { "\($0.name): \($0.value)" }
        // base64 of `gate%3Away:h+u%2Bs%2Fh`.
        #expect(
            fields == [
                "Authorization: Basic Z2F0ZSUzQXdheTpoK3UlMkJzJTJGaA==",
                "Accept: application/json", "Content-Type: application/x-www-form-urlencoded",
            ]
        )
    }

    @Test func `lookups of one token for one tenant share a request`() throws {
        let endpoint = FakeEndpoint()
        let introspector = endpoint.introspector()
        let scene = try IdentityScene()
        let waiting = (0..<100).map { _ in look(introspector, scene.opaqueTenant()) }
        #expect(endpoint.requests.count == 1)
        let other = look(introspector, scene.opaqueTenant(generation: 2))
        let longer = look(introspector, scene.opaqueTenant(), Self.token + [0x61])
        #expect(endpoint.requests.count == 3)
        endpoint.answer(Self.active)
        endpoint.answer(#"{"active":false}"#)
        #expect(waiting.allSatisfy { $0.all == ["active c"] })
        #expect(other.all == ["inactive"])
        #expect(longer.all == [])
        #expect(introspector.counts.shared == 99)
    }

    @Test(
        "an answer is used for as long as allowed",
        arguments: [
            (active, 60 as Int64, 60 as Int64), (#"{"active":false}"#, 60, 60), (active, 5, 5),
            (#"{"active":true,"exp":\#(IdentityScene.now + 7)}"#, 60, 7),
            (#"{"active":true,"exp":\#(IdentityScene.now + 70)}"#, 60, 60),
            (#"{"active":true,"aud":"other"}"#, 60, 60), (active, 0, 0),
            (#"{"active":false}"#, 0, 0),
            // Within the leeway, but over: good for this request alone.
            (#"{"active":true,"exp":\#(IdentityScene.now - 1)}"#, 60, 0),
            (#"{"active":true,"nbf":\#(IdentityScene.now + 40)}"#, 60, 0),
        ]
    )
    func remembers(_ answer: String, _ cacheSecondsMax: Int64, _ seconds: Int64) throws {
        let endpoint = FakeEndpoint()
        let introspector = endpoint.introspector()
        let tenant = try IdentityScene().opaqueTenant(cacheSecondsMax: cacheSecondsMax)
        let first = look(introspector, tenant)
        endpoint.answer(answer)
        if seconds > 0 {
            endpoint.pass(seconds: seconds - 1)
            #expect(look(introspector, tenant).all == first.all)
            #expect(endpoint.requests.count == 1)
            endpoint.pass(seconds: 1)
        }
        #expect(look(introspector, tenant).all == [])
        #expect(endpoint.requests.count == 2)
    }

    static let failures: [(String, Int)] = [
        ("", 200), ("[]", 200), ("{}", 200), (#"{"active":"true"}"#, 200), (#"{"active":1}"#, 200),
        (#"{"active":true,"active":true}"#, 200), (#"{"active":true,"active":false}"#, 200),
        (#"{"active":true} x"#, 200), (#"{"active":true"#, 200), (active, 201), (active, 401),
        (active, 403), (active, 404), (active, 500), (#"{"active":false}"#, 503),
        (#"{"active":null}"#, 200), (#"{"active":true,"exp":"1"}"#, 200),
        (#"{"active":true,"aud":7}"#, 200), (#"{"active":true,"client_id":7}"#, 200),
        (#"{"active":true,"sub":"a\nb"}"#, 200), (#"{"active":true,"token_type":7}"#, 200),
        (#"{"active":true,"iat":true}"#, 200), (#"{"active":true,"jti":1}"#, 200),
    ]

    @Test("an answer that cannot be used is trouble and is not remembered", arguments: failures)
    func fails(_ answer: String, _ status: Int) throws {
        let endpoint = FakeEndpoint()
        let introspector = endpoint.introspector()
        let tenant = try IdentityScene().opaqueTenant()
        let first = look(introspector, tenant)
        endpoint.answer(answer, status: status)
        #expect(first.all == ["introspectionUnavailable"])
        let second = look(introspector, tenant)
        endpoint.answer(Self.active)
        #expect(second.all == ["active c"])
        #expect(introspector.counts.unavailable == 1)
    }

    static let refusals: [(String, String)] = [
        (#""iss":"https://idp/""#, "active "), (#""iss":"https://idp""#, "issuer"),
        (#""aud":"https://acme""#, "active "), (#""aud":["x","https://acme"]"#, "active "),
        (#""aud":"https://beta""#, "audience"), (#""aud":[]"#, "audience"),
        (#""exp":\#(IdentityScene.now - 31)"#, "expired"),
        (#""nbf":\#(IdentityScene.now + 31)"#, "notYetValid"),
        (#""iat":\#(IdentityScene.now + 31)"#, "notYetValid"),
        (#""exp":\#(IdentityScene.now + 90_000)"#, "lifetime"),
        (#""exp":\#(IdentityScene.now + 60),"iat":\#(IdentityScene.now - 90_000)"#, "lifetime"),
        (#""cnf":{"jkt":"x"}"#, "binding"), (#""cnf":{}"#, "binding"), (#""cnf":7"#, "binding"),
        (#""cnf":{"kid":"x"}"#, "binding"), (#""token_type":"DPoP""#, "binding"),
        (#""token_type":"Bearer""#, "active "), (#""token_type":"bearer","typ":"JWT""#, "active "),
        (#""token_type":"mac""#, "type"), (#""token_use":"refresh_token""#, "type"),
        (#""typ":"Refresh""#, "type"), (#""typ":"ID""#, "type"),
        (#""cnf":{"jkt":"\#(String(repeating: "A", count: 43))"},"token_type":"DPoP""#, "active "),
        (#""client_id":"c","sub":"s","username":"u""#, "active c"), (#""sub":"s""#, "active s"),
    ]

    @Test("what is said of an active token has to be right", arguments: refusals)
    func judges(_ members: String, _ word: String) throws {
        let endpoint = FakeEndpoint()
        let tenant = try IdentityScene().opaqueTenant()
        let words = look(endpoint.introspector(), tenant)
        endpoint.answer("{\"active\":true,\(members)}")
        #expect(words.all == [word])
    }

    @Test func `the claim that names the tenant is asked for`() throws {
        var rules = IdentityScene.rules()
        rules.tenantBinding = .init(path: ["tenant"], value: "acme")
        let scene = try IdentityScene()
        let endpoint = FakeEndpoint()
        let introspector = endpoint.introspector()
        for (json, word) in [("", "tenant"), (#","tenant":"acme""#, "active ")] {
            let tenant = scene.opaqueTenant(rules: rules, cacheSecondsMax: 0)
            let words = look(introspector, tenant)
            endpoint.answer("{\"active\":true\(json)}")
            #expect(words.all == [word])
        }
    }

    @Test func `roles and binding go to the principal`() throws {
        let endpoint = FakeEndpoint()
        let tenant = try IdentityScene().opaqueTenant()
        let jkt = String(repeating: "A", count: 43)
        endpoint.introspector().look(up: Self.token, for: tenant) { outcome in
            guard case .active(let principal, let until, let generation) = outcome else {
                Issue.record("refused")
                return
            }
            #expect(principal.roles == Array("admin".utf8))
            #expect(principal.facts != FactSet())
            #expect(principal.binding.proofKey != nil)
            #expect(until == IdentityScene.now + 60)
            #expect(generation == 1)
        }
        endpoint.answer(#"{"active":true,"roles":["admin"],"cnf":{"jkt":"\#(jkt)"}}"#)
    }

    @Test func `an endpoint that fails is asked by few, until it works again`() throws {
        let endpoint = FakeEndpoint()
        let introspector = endpoint.introspector()
        let tenant = try IdentityScene().opaqueTenant()
        let other = try IdentityScene().opaqueTenant(generation: 2, url: "https://other/i")
        _ = look(introspector, tenant)
        endpoint.end(.failure(.timeout))
        func ask(_ count: Int, _ tenant: TenantIdentity) -> [Words] {
            (0..<count).map { look(introspector, tenant, Array("t\($0)".utf8)) }
        }
        let limit = EndpointStanding.failingLookupsMax
        let failing = ask(limit + 3, tenant)
        #expect(failing.prefix(limit).allSatisfy { $0.all.isEmpty })
        #expect(failing.dropFirst(limit).allSatisfy { $0.all == ["introspectionUnavailable"] })
        #expect(ask(20, other).allSatisfy { $0.all.isEmpty })
        for _ in 0..<limit { endpoint.answer(Self.active) }
        #expect(failing.prefix(limit).allSatisfy { $0.all == ["active c"] })
        let good = (0..<20).map { look(introspector, tenant, Array("u\($0)".utf8)) }
        #expect(good.allSatisfy { $0.all.isEmpty })
        #expect(introspector.counts.full == 3)
    }

    @Test func `lookups have a limit for each endpoint and for all`() throws {
        let endpoint = FakeEndpoint()
        let introspector = endpoint.introspector()
        let scene = try IdentityScene()
        var refused = 0
        for number in 0..<5 {
            let tenant = scene.opaqueTenant(
                generation: UInt64(number),
                url: "https://idp\(number)/"
            )
            for token in 0..<EndpointStanding.lookupsMax + 1 {
                let words = look(introspector, tenant, Array("t\(token)".utf8))
                if words.all == ["introspectionUnavailable"] { refused += 1 }
            }
        }
        let lookupsMax = Introspector.State.lookupsMax
        #expect(endpoint.requests.count == lookupsMax)
        #expect(refused == 5 * (EndpointStanding.lookupsMax + 1) - lookupsMax)
        // Room comes back.
        for _ in 0..<lookupsMax { endpoint.answer(Self.active) }
        #expect(look(introspector, scene.opaqueTenant(generation: 9)).all == [])
        #expect(endpoint.requests.count == lookupsMax + 1)
    }

    @Test func `trouble and its end are told once, without token or secret`() throws {
        let endpoint = FakeEndpoint()
        let introspector = endpoint.introspector()
        let url = "https://idp/introspect?key=hidden"
        let tenant = try IdentityScene().opaqueTenant(url: url)
        for status in [401, 500, 401] {
            _ = look(introspector, tenant)
            endpoint.answer("{}", status: status)
        }
        _ = look(introspector, tenant)
        endpoint.answer(Self.active)
        OutboundClientTests.wait { endpoint.news.count >= 2 }
        #expect(
            endpoint.news.map(\.line) == [
                "tokens cannot be looked up at https://idp/introspect: "
                    + "the server refuses the client id and secret (401)",
                "tokens can be looked up at https://idp/introspect again",
            ]
        )
    }
}
