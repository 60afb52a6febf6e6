import Testing

@Suite("What real issuers leave open is closed by their packs")
struct PackHoleTests {
    @Test("no offer, code or PIN without a token and a role", arguments: HoleyIssuer.all)
    func offers(_ issuer: HoleyIssuer) throws {
        let scene = try issuer.scene()
        defer { scene.end() }
        let nobody = try TokenOrder(roles: ["verifier"]).signed()
        for call in issuer.guardedCalls {
            let request = try AcapyScene.request(call)
            let unseen = try scene.exchange(request)
            #expect(unseen.status == 401, "\(call)")
            #expect(try scene.exchange(request.bearing(nobody)).status == 403, "\(call)")
            #expect(!unseen.text.contains(HoleyIssuer.pin))
        }
        let admin = try TokenOrder(roles: ["admin"]).signed()
        for call in issuer.closedCalls {
            let answer = try scene.exchange(AcapyScene.request(call).bearing(admin))
            #expect((403...405).contains(answer.status), "\(call)")
        }
        #expect(scene.upstream.arrivals.isEmpty)
        var order = try TokenOrder(roles: [])
        for (name, value) in issuer.claims { order = order.with(claim: name, value) }
        let made = try scene.exchange(issuer.offer.bearing(order.signed()))
        #expect(made.status == 200, "\(made.text)")
        #expect(made.values("Cache-Control") == ["no-store"])
    }

    @Test("thirty wrong transaction codes end a code", arguments: HoleyIssuer.all)
    func transactionCodes(_ issuer: HoleyIssuer) throws {
        let scene = try issuer.scene()
        defer { scene.end() }
        for number in 0..<30 {
            let answer = try scene.exchange(issuer.tokenRequest("one", "\(1_000 + number)"))
            #expect(answer.status == (number < 3 ? issuer.wrongStatus : 400))
            #expect(answer.values("Cache-Control") == ["no-store"])
        }
        let late = try scene.exchange(issuer.tokenRequest("one", HoleyIssuer.pin))
        #expect(late.status == 400)
        #expect(late.json?["error"]?.string == "invalid_grant")
        #expect(scene.upstream.arrivals(at: issuer.tokenPath).count == 3)
        let other = try scene.exchange(issuer.tokenRequest("two", HoleyIssuer.pin))
        #expect(other.status == 200)
        #expect(other.values("Cache-Control") == ["no-store"])
    }

    @Test("what wallets and issuers say to one another passes as it is", arguments: HoleyIssuer.all)
    func walletFields(_ issuer: HoleyIssuer) throws {
        let scene = try issuer.scene()
        defer { scene.end() }
        let said = [
            ("DPoP", "eyJhbGciOiJFUzI1NiJ9.e30.c2ln"), ("OAuth-Client-Attestation", "a.b.c"),
            ("OAuth-Client-Attestation-PoP", "d.e.f"),
        ]
        let requests = [
            issuer.tokenRequest("three", HoleyIssuer.pin),
            Request("POST", issuer.credentialPath).with("Authorization", "DPoP wallet.own.token")
                .with(body: "{}"),
        ]
        for request in requests {
            let whole = said.reduce(request) { $0.with($1.0, $1.1) }
            let answer = try scene.exchange(whole)
            #expect(answer.status == 200)
            #expect(answer["DPoP-Nonce"] == "nonce-of-the-issuer")
            let seen = try scene.upstream.wait(for: request.target).head
            for (name, value) in said { #expect(seen.values(name) == [value], "\(name)") }
        }
        let credential = try scene.upstream.wait(for: issuer.credentialPath).head
        #expect(credential.values("Authorization") == ["DPoP wallet.own.token"])
    }

    @Test("a client says who it is to the issuer", arguments: ["token", "par"])
    func clientSecrets(_ name: String) throws {
        let issuer = try #require(HoleyIssuer.all.first { $0.name == "openid4vci" })
        let scene = try issuer.scene()
        defer { scene.end() }
        let basic = "Basic d2FsbGV0OnNlY3JldA=="
        let request = Request("POST", "/v1/oauth/\(name)")
            .with(form: "grant_type=authorization_code&code=c&tx_code=\(HoleyIssuer.pin)")
        let answer = try scene.exchange(request.with("Authorization", basic))
        #expect(answer.status == 200)
        let events = try scene.events(ofRequest: answer["X-Request-Id"] ?? "")
        let family = name == "par" ? "OPENID_PUSHED_AUTHORIZATION" : "OPENID_TOKEN"
        #expect(Set(events.map(\.type)) == [family + "_START", family + "_SUCCESS"])
        #expect(!events.contains { $0.description.contains("d2FsbGV0") })
        let seen = try scene.upstream.wait(for: request.target).head
        #expect(seen.values("Authorization") == [basic])
        #expect(try scene.exchange(request).status == 200)
        let twice = request.with("Authorization", basic).with("Authorization", "Bearer a.b.c")
        let refused = try scene.exchange(twice)
        #expect(refused.status == 400)
        #expect(refused.text.contains("credentials-repeated"))
        #expect(scene.upstream.arrivals(at: request.target).count == 2)
    }

    @Test func `no code goes to a stranger, to a script or without PKCE`() throws {
        let issuer = try #require(HoleyIssuer.all.first { $0.name == "eudi" })
        let scene = try issuer.scene()
        defer { scene.end() }
        let (asked, pushed) = ("/oidc/authorization", "/oidc/pushed_authorization")
        for parameter in [
            "redirect_uri=https://evil.example/cb", "redirect_uri=javascript:alert(1)",
            "redirect_uri=https://wallet.example/cb/..", "client_id=stranger", "code_challenge",
            "code_challenge_method=plain",
        ] {
            let query = AuthorizeScene.with(parameter).dropFirst(AuthorizeScene.path.count + 1)
            let answers = [
                try scene.exchange(Request("GET", "\(asked)?\(query)")),
                try scene.exchange(Request("POST", pushed).with(form: String(query))),
            ]
            for answer in answers {
                #expect(answer.status == 400, "\(parameter)")
                #expect(answer["Location"] == nil)
                #expect(answer.values("Cache-Control") == ["no-store"])
            }
        }
        #expect(scene.upstream.arrivals.isEmpty)
        let good = AuthorizeScene.good.dropFirst(AuthorizeScene.path.count + 1)
        let answer = try scene.exchange(Request("GET", "\(asked)?\(good)"))
        #expect(answer.status == 302)
        #expect(answer["Location"] == "https://wallet.example/cb?code=c")
        #expect(try scene.exchange(Request("POST", pushed).with(form: String(good))).status == 200)
    }

    @Test func `a pushed request that is refused is recorded with what was wrong`() throws {
        let issuer = try #require(HoleyIssuer.all.first { $0.name == "eudi" })
        let scene = try issuer.scene()
        defer { scene.end() }
        let form = AuthorizeScene.with("redirect_uri=https://evil.example/cb")
            .dropFirst(AuthorizeScene.path.count + 1)
        let request = Request("POST", "/oidc/pushed_authorization").with(form: String(form))
        let answer = try scene.exchange(request)
        let words = answer.json?["error_description"]?.string ?? ""
        #expect(words.hasPrefix("redirect-uri-unknown: "), "\(answer.text)")
        let events = try scene.events(ofRequest: answer["X-Request-Id"] ?? "")
        let outcome = try #require(events.first { $0.isOutcome })
        #expect(outcome.type == "OPENID_PUSHED_AUTHORIZATION_FAIL")
        #expect(outcome.names("redirect-uri-unknown"), "\(outcome)")
        #expect(!outcome.description.contains("evil"))
        // What the next request is told is about itself.
        let next = try scene.exchange(Request("POST", request.target).with(form: "a=1&a=2"))
        #expect(next.json?["error_description"]?.string?.contains("redirect") == false)
    }

    @Test func `explain shows each check of a pushed request`() throws {
        let issuer = try #require(HoleyIssuer.all.first { $0.name == "eudi" })
        let scene = try issuer.scene()
        defer { scene.end() }
        let cases: [(String, Int32)] = [
            ("state=x", 0), ("redirect_uri=https://evil.example/cb", 1),
        ]
        for (parameter, status) in cases {
            let form = AuthorizeScene.with(parameter).dropFirst(AuthorizeScene.path.count + 1)
            try scene.folder.write("form", String(form))
            let outcome = try Command.postern([
                "explain", "--config", scene.configuration, "--body-file",
                scene.folder.path(of: "form"), "POST",
                "https://acme.test/oidc/pushed_authorization",
            ])
            #expect(outcome.status == status, "\(outcome.output)\(outcome.errors)")
            #expect(outcome.output.contains("  redirect_uri"))
            let isRefused = outcome.output.contains("verdict: 400 redirect-uri-unknown")
            #expect(isRefused == (status == 1), "\(outcome.output)")
        }
    }

    @Test func `a client's role in Keycloak is not the realm's`() throws {
        let issuer = try #require(HoleyIssuer.all.first { $0.name == "keycloak" })
        let scene = try issuer.scene()
        defer { scene.end() }
        let roles: JSON = ["roles": ["credential-offer-create"]]
        let order = try TokenOrder(roles: ["credential-offer-create"])
            .with(claim: "resource_access", ["wallet": roles])
        let answer = try scene.exchange(issuer.offer.bearing(order.signed()))
        #expect(answer.status == 403)
        #expect(answer.code == "denied")
        #expect(scene.upstream.arrivals.isEmpty)
    }

    @Test func `a tenant of the EUDI pack without a client is named by check`() throws {
        let issuer = try #require(HoleyIssuer.all.first { $0.name == "eudi" })
        let scene = try issuer.scene()
        defer { scene.end() }
        let outcome = try Command.postern(["check", "--config", scene.configuration])
        #expect(outcome.status == 0)
        let all = outcome.errors + outcome.output
        let words = "has no `client`, so every authorization request to it is refused"
        #expect(all.contains("tenant `beta` \(words)"), "\(all)")
        #expect(!all.contains("tenant `acme` \(words)"))
    }
}
