import Foundation
import Testing

/// What becomes of proofs and nonces on their way through, and what the commands make of them.
@Suite("Proofs on their way")
struct ProofExchangeTests {
    static let theirs = "of-the-upstream"

    /// Answers with a nonce of the upstream's own.
    static let script: RecordingUpstream.Script = { call in
        _ = try call.body()
        try call.respond(200, text: "{}", [Field("DPoP-Nonce", theirs)])
    }

    private func key(_ scene: GatewayScene) throws -> String {
        try scene.folder.write("client.pem", IdentityProvider.shared().p256.privatePEM())
    }

    @Test("the proof of an authorised route is the gateway's, nonces too", .scene(upstream: script))
    func authorized() throws {
        let scene = try GatewayScene.here()
        let key = try key(scene)
        let token = try Proof.boundToken(key, scene)
        let proof = try Proof.make(key, "GET", scene, "/guarded/x", token: token)
        let request = Request("GET", "/guarded/x?a=1").with("Authorization", "DPoP \(token)")
        let answer = try scene.exchange(request.with("DPoP", proof))
        #expect(answer.status == 200)
        #expect(answer["DPoP-Nonce"] == nil)
        let arrival = try #require(scene.upstream.arrivals(at: "/guarded/x").last)
        #expect(arrival.head["DPoP"] == nil)
        #expect(arrival.head["Authorization"] == nil)
    }

    @Test("on a wallet's route proof and nonce pass both ways", .scene(upstream: script))
    func passed() throws {
        let scene = try GatewayScene.here()
        let request = Request("POST", "/v1/openid/credential").with("Authorization", "DPoP abc")
            .with("DPoP", "their.own.proof").with("OAuth-Client-Attestation", "a.b.c")
            .with("OAuth-Client-Attestation-PoP", "d.e.f").with(body: "{}")
        let answer = try scene.exchange(request)
        #expect(answer.status == 200)
        #expect(answer["DPoP-Nonce"] == Self.theirs)
        let arrival = try #require(scene.upstream.arrivals(at: "/v1/openid/credential").last)
        #expect(arrival.head["Authorization"] == "DPoP abc")
        #expect(arrival.head["DPoP"] == "their.own.proof")
        #expect(arrival.head["OAuth-Client-Attestation"] == "a.b.c")
        #expect(arrival.head["OAuth-Client-Attestation-PoP"] == "d.e.f")
    }

    @Test("exactly one proof comes with a bound token", .scene())
    func once() throws {
        let scene = try GatewayScene.here()
        let key = try key(scene)
        let token = try Proof.boundToken(key, scene)
        func proof() throws -> String {
            try Proof.make(key, "GET", scene, "/guarded/x", token: token)
        }
        let request = Request("GET", "/guarded/x").with("Authorization", "DPoP \(token)")
        let (one, other) = (try proof(), try proof())
        for sent in [
            request.with("DPoP", one).with("DPoP", other),
            request.with("DPoP", one).with("DPoP", one),
            request.with("DPoP", "\(one), \(other)"), request.with("D-PoP", one), request,
        ] {
            let answer = try scene.exchange(sent)
            #expect(answer.status == 401)
            #expect(answer.code == "token-binding")
        }
        // None of them was used up by that.
        #expect(try scene.exchange(request.with("DPoP", one)).status == 200)
        #expect(try scene.exchange(request.with("DPoP", other)).status == 200)
        let twice = request.with("DPoP", try proof()).with("Authorization", "Bearer \(token)")
        #expect(try scene.exchange(twice).code == "credentials-repeated")
    }

    @Test("of one proof sent on many connections at once one passes", .scene())
    func race() throws {
        let scene = try GatewayScene.here()
        let key = try key(scene)
        let token = try Proof.boundToken(key, scene)
        let proof = try Proof.make(key, "GET", scene, "/guarded/x", token: token)
        let request = Request("GET", "/guarded/x").with("Authorization", "DPoP \(token)")
            .with("DPoP", proof)
        let statuses = Observed<[Int]>([])
        let conversations = try (0..<12).map { _ in try scene.connect() }
        let bytes = request.bytes
        for conversation in conversations { try conversation.send(bytes) }
        for conversation in conversations {
            let status = try conversation.response().status
            statuses.update { $0.append(status) }
            conversation.close()
        }
        #expect(statuses.value.filter { $0 == 200 }.count == 1)
        #expect(statuses.value.filter { $0 == 401 }.count == 11)
    }

    @Test("nonces outlive a reload", .scene(.with { $0.acme.tokens.append("dpop nonce required") }))
    func reload() throws {
        let scene = try GatewayScene.here()
        let key = try key(scene)
        let token = try Proof.boundToken(key, scene)
        let request = Request("GET", "/guarded/x").with("Authorization", "DPoP \(token)")
        func send(_ nonce: String?) throws -> Response {
            let proof = try Proof.make(
                key,
                "GET",
                scene,
                "/guarded/x",
                token: token,
                nonce: nonce
            )
            return try scene.exchange(request.with("DPoP", proof))
        }
        let asked = try send(nil)
        #expect(asked.status == 401)
        #expect(asked["Cache-Control"] == "no-store")
        let nonce = try #require(asked["DPoP-Nonce"])
        #expect(try scene.admin("POST", "/reload").status == 200)
        #expect(try send(nonce).status == 200)
    }

    @Test("explain shows each check of a proof", .stillScene())
    func explain() throws {
        let scene = try GatewayScene.here()
        let key = try key(scene)
        let token = try Proof.boundToken(key, scene)
        let proof = try Proof.make(key, "GET", scene, "/guarded/x", token: token)
        let tokenFile = try scene.folder.write("access.txt", token)
        let proofFile = try scene.folder.write("proof.txt", proof)
        func explain(_ more: [String], _ method: String = "GET") throws -> Command.Outcome {
            let arguments = ["explain", "--config", scene.configuration, "--token-file", tokenFile]
            let url = "https://acme.test:\(scene.port)/guarded/x"
            return try Command.postern(arguments + more + [method, url])
        }
        let good = try explain(["--proof-file", proofFile])
        #expect(good.status == 0, "\(good.output)")
        for step in [
            "scheme", "proof", "type", "algorithm", "key", "signature", "method", "target", "time",
            "identifier", "token hash",
        ] {
            #expect(good.lines.contains { $0.contains(step) && $0.contains(" ok ") }, "\(step)")
        }
        for secret in [token, proof] { #expect(!good.output.contains(secret)) }

        let bearer = try explain([])
        #expect(bearer.status == 1)
        #expect(bearer.output.contains("verdict: 401 token-binding"), "\(bearer.output)")
        let other = try explain(["--proof-file", proofFile], "POST")
        #expect(other.status == 1)
        let method = other.lines.first { $0.contains("htm \"GET\"") }
        #expect(method?.contains("401") == true, "\(other.output)")
        let garbage = try explain(["--proof-file", tokenFile])
        #expect(garbage.output.contains("verdict: 401 token-binding"), "\(garbage.output)")
    }

    @Test("the command makes bound tokens and proofs", .stillScene())
    func commands() throws {
        let scene = try GatewayScene.here()
        let key = try key(scene)
        let thumbprint = try Proof.thumbprint(of: key)
        let key256 = try IdentityProvider.shared().p256.publicKey()
        #expect(thumbprint == (try Self.thumbprint(of: key256)))
        let certificate = scene.folder.path(of: "tls/acme.pem")
        let bound = try Command.postern([
            "token", "--key", key, "--claims", "{}", "--bind", key, "--bind-certificate",
            certificate,
        ])
        #expect(bound.status == 0)
        let parts = bound.output.split(separator: ".")
        let claims = try JSON(parsing: Base64URL.decode(String(parts[1])) ?? [])
        #expect(claims["cnf"]?.members?.keys.sorted() == ["jkt", "x5t#S256"])

        for wrong in [
            ["--claims", "{\"cnf\":{}}", "--bind", key], ["--claims", "{}", "--bind", certificate],
            ["--claims", "{}", "--bind-certificate", key], ["--dpop", "GET"],
            ["--dpop", "GET", "/path"], ["--dpop", "GET", "https://acme.test/", "--claims", "{}"],
            ["--claims", "{}", "--nonce", "x"],
        ] {
            let outcome = try Command.postern(["token", "--key", key] + wrong)
            #expect(outcome.status == 2, "\(wrong)")
            #expect(outcome.output.isEmpty)
        }
    }

    /// RFC 7638, by the `openssl` program.
    private static func thumbprint(of key: JSON) throws -> String {
        let members = ["crv", "kty", "x", "y"].map { "\"\($0)\":\"\(key[$0]?.string ?? "")\"" }
        let folder = try TemporaryFolder("thumbprint")
        let file = try folder.write("jwk", "{\(members.joined(separator: ","))}")
        let line = try Command.output("openssl", ["dgst", "-sha256", "-r", file])
        let digits = Array(line.prefix(64))
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        return Base64URL.encode(bytes)
    }
}
