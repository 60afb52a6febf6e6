import Testing

/// Proofs of possession made by the `cryptography` package: RFC 9449 as a client of another
/// implementation speaks it.
@Suite("Proofs of possession")
struct ProofTests {
    static let settings = SceneSettings.with { settings in
        settings.acme.tokens.append("dpop accept")
        settings.acme.hosts = ["acme.wild.test"]
        settings.beta?.hosts = ["beta.wild.test"]
        settings.beta?.tokens.append("dpop require")
        for (name, line) in [("gamma", "dpop refuse"), ("delta", "dpop nonce required")] {
            var tenant = TenantSettings(name: name)
            tenant.tokens.append(line)
            tenant.hosts = ["\(name).wild.test"]
            settings.extra += tenant.text
        }
    }

    static let algorithms = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA"

    private func report() throws -> JSON {
        let scene = try GatewayScene.here()
        let folder = scene.folder.path
        _ = try PythonClient.run("make_keys.py", [folder])
        try scene.start()
        return try PythonClient.run(
            "dpop_client.py",
            [folder, "\(scene.port)", folder + "/tls/ca.pem"]
        )
    }

    @Test("a client of another library calls with proofs", .stillScene(settings))
    func foreign() throws {
        let report = try report()
        try checkGood(report)
        try checkWrong(report)
        try checkSchemes(report)
        try checkNonces(report)
    }

    private func checkGood(_ report: JSON) throws {
        let good = report["good"]?.members ?? [:]
        #expect(good.count == 8)
        for (algorithm, answer) in good {
            #expect(answer["status"]?.number == 200, "\(algorithm) \(answer.text)")
            #expect(answer["nonce"]?.string == nil)
        }
    }

    private func checkWrong(_ report: JSON) throws {
        let wrong = try #require(report["wrong"])
        #expect(wrong["first"]?["status"]?.number == 200)
        let refused = wrong["refused"]?.members ?? [:]
        #expect(refused.count == 16)
        for (name, answer) in refused {
            #expect(answer["status"]?.number == 401, "\(name) \(answer.text)")
            #expect(answer["code"]?.string == "token-binding", "\(name) \(answer.text)")
            let challenge = answer["challenge"]?.string ?? ""
            #expect(challenge.hasPrefix("DPoP "), "\(name) \(challenge)")
            #expect(challenge.contains("error=\"invalid_dpop_proof\""), "\(name) \(challenge)")
            #expect(challenge.contains("algs=\"\(Self.algorithms)\""), "\(name) \(challenge)")
        }
    }

    /// Status and code of each way to send a token, for each of the three modes.
    static let outcomes: [String: [String: (Double, String?)]] = [
        "acme": [
            "plain as Bearer": (200, nil), "plain as DPoP": (401, "token-binding"),
            "bound as Bearer": (401, "token-binding"),
            "bound as Bearer with proof": (401, "token-binding"), "bound as DPoP": (200, nil),
            "nothing": (401, "credentials-missing"),
        ],
        "beta": [
            "plain as Bearer": (401, "token-binding"), "plain as DPoP": (401, "token-binding"),
            "bound as Bearer": (401, "token-binding"),
            "bound as Bearer with proof": (401, "token-binding"), "bound as DPoP": (200, nil),
            "nothing": (401, "credentials-missing"),
        ],
        "gamma": [
            "plain as Bearer": (200, nil), "plain as DPoP": (401, "credentials-missing"),
            "bound as Bearer": (401, "token-binding"),
            "bound as Bearer with proof": (401, "token-binding"),
            "bound as DPoP": (401, "credentials-missing"),
            "nothing": (401, "credentials-missing"),
        ],
    ]

    private func checkSchemes(_ report: JSON) throws {
        for (tenant, outcomes) in Self.outcomes {
            for (way, (status, code)) in outcomes {
                let answer = try #require(report["schemes"]?[tenant]?[way])
                #expect(answer["status"]?.number == status, "\(tenant), \(way): \(answer.text)")
                if let code { #expect(answer["code"]?.string == code, "\(tenant), \(way)") }
                let challenge = answer["challenge"]?.string ?? ""
                #expect(challenge.isEmpty == (status == 200))
                guard status == 401 else { continue }
                let namesDPoP = challenge.contains("DPoP realm=\"\(tenant)\"")
                #expect(namesDPoP == (tenant != "gamma"), "\(tenant), \(way): \(challenge)")
                let namesBearer = challenge.contains("Bearer realm=\"\(tenant)\"")
                let isBearerOnly = tenant == "gamma"
                #expect(isBearerOnly ? namesBearer : true, "\(tenant), \(way): \(challenge)")
                if tenant == "beta" { #expect(!namesBearer, "\(way): \(challenge)") }
                if way == "nothing" { #expect(!challenge.contains("error=")) }
            }
        }
    }

    private func checkNonces(_ report: JSON) throws {
        let nonces = try #require(report["nonces"])
        let asked = try #require(nonces["asked"])
        #expect(asked["status"]?.number == 401)
        #expect(asked["code"]?.string == "token-binding")
        #expect(asked["challenge"]?.string?.contains("error=\"use_dpop_nonce\"") == true)
        #expect(asked["nonce"]?.string?.isEmpty == false)
        for name in ["given", "given again"] {
            #expect(nonces[name]?["status"]?.number == 200, "\(name)")
        }
        let theirs = try #require(nonces["theirs"])
        #expect(theirs["status"]?.number == 401)
        #expect(theirs["challenge"]?.string?.contains("error=\"use_dpop_nonce\"") == true)
        #expect(theirs["nonce"]?.string?.isEmpty == false)
    }
}
