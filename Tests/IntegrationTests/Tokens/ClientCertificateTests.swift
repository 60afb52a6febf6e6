import COpenSSL
import Foundation
import Testing

/// Tokens bound to client certificates, RFC 8705, with curl and OpenSSL.
@Suite("Client certificates")
struct ClientCertificateTests {
    static let asking = SceneSettings.with { $0.listener.append("client-certificates request") }

    static let requiring = SceneSettings.with { settings in
        settings.listener += ["client-certificates require", "client-ca tls/ca.pem"]
    }

    static let versions = ["1.2", "1.3"]

    /// Certificates of clients in the scene's folder; `signed` comes from the scene's authority.
    struct Certificates {
        let folder: TemporaryFolder

        init(_ scene: GatewayScene) throws {
            folder = scene.folder
            try make("own", [])
            try make("other", [])
            let authority = try CertificateAuthority.shared()
            let issuer = ["-CA", authority.path("ca.pem"), "-CAkey", authority.path("ca.key")]
            try make("signed", issuer)
        }

        private func make(_ name: String, _ issuer: [String]) throws {
            try Command.output(
                "openssl",
                ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
                    + ["-nodes", "-keyout", "\(name).key", "-out", "\(name).pem", "-days", "2"]
                    + ["-subj", "/CN=\(name)", "-addext", "basicConstraints=critical,CA:FALSE"]
                    + ["-addext", "extendedKeyUsage=clientAuth"] + issuer,
                folder: folder.path
            )
        }

        func files(_ name: String) -> (chain: String, key: String) {
            (folder.path(of: "\(name).pem"), folder.path(of: "\(name).key"))
        }

        /// SHA-256 of the DER, found by the `openssl` program.
        func digest(_ name: String) throws -> String {
            let line = try Command.output(
                "openssl",
                ["x509", "-in", "\(name).pem", "-noout", "-fingerprint", "-sha256"],
                folder: folder.path
            )
            let digits = line.split(separator: "=").last.map(String.init) ?? ""
            let bytes = digits.split { !$0.isHexDigit }.compactMap { UInt8($0, radix: 16) }
            #expect(bytes.count == 32)
            return Base64URL.encode(bytes)
        }

        /// A token bound to a certificate.
        func token(_ name: String, _ more: [String: JSON] = [:]) throws -> String {
            let binding: [String: JSON] = ["x5t#S256": .string(try digest(name))]
            let confirmation = JSON.object(binding.merging(more) { $1 })
            return try TokenOrder().with(claim: "cnf", confirmation).signed()
        }
    }

    /// One request by curl: the status and the refusal's code, or nothing when TLS failed.
    private func curl(
        _ token: String,
        _ shown: (chain: String, key: String)?,
        version: String
    ) throws -> (status: String, code: String?)? {
        let scene = try GatewayScene.here()
        var arguments = [
            "-sS", "--max-time", "10", "--cacert", scene.folder.path(of: "tls/ca.pem"),
            "--resolve", "acme.test:\(scene.port):127.0.0.1", "--tlsv\(version)", "--tls-max",
            version, "-H", "Authorization: Bearer \(token)", "-w", "\n%{http_code}",
        ]
        if let (chain, key) = shown { arguments += ["--cert", chain, "--key", key] }
        let address = "https://acme.test:\(scene.port)/guarded/x"
        let outcome = try Command.run("curl", arguments + [address])
        guard outcome.status == 0 else { return nil }
        let lines = outcome.lines
        let body = lines.count > 1 ? try? JSON(parsing: Array(lines[0].utf8)) : nil
        return (lines.last ?? "", body?["code"]?.string)
    }

    @Test("a bound token is good with its certificate alone", .scene(asking), arguments: versions)
    func bound(_ version: String) throws {
        let certificates = try Certificates(GatewayScene.here())
        let token = try certificates.token("own")
        let good = try #require(try curl(token, certificates.files("own"), version: version))
        #expect(good.status == "200")
        let others = [certificates.files("other"), certificates.files("signed"), nil]
        for shown in others {
            let refused = try #require(try curl(token, shown, version: version))
            #expect(refused.status == "401")
            #expect(refused.code == "token-binding")
        }
        let plain = try TokenOrder().signed()
        for shown in [certificates.files("own"), nil] {
            #expect(try curl(plain, shown, version: version)?.status == "200")
        }
    }

    @Test(
        "who shows no certificate of the authority gets no connection",
        .scene(requiring),
        arguments: versions
    )
    func required(_ version: String) throws {
        let certificates = try Certificates(GatewayScene.here())
        let plain = try TokenOrder().signed()
        let signed = certificates.files("signed")
        #expect(try curl(plain, signed, version: version)?.status == "200")
        #expect(try curl(certificates.token("signed"), signed, version: version)?.status == "200")
        let refused = try curl(certificates.token("own"), signed, version: version)
        #expect(refused?.code == "token-binding")
        #expect(try curl(plain, certificates.files("own"), version: version) == nil)
        #expect(try curl(plain, nil, version: version) == nil)
    }

    @Test("where nobody is asked a bound token is refused", .scene(), arguments: versions)
    func notAsked(_ version: String) throws {
        let certificates = try Certificates(GatewayScene.here())
        let token = try certificates.token("own")
        let refused = try curl(token, certificates.files("own"), version: version)
        #expect(refused?.status == "401")
        #expect(refused?.code == "token-binding")
    }

    @Test(
        "a resumed session brings its certificate",
        .scene(asking),
        arguments: [TLS1_2_VERSION, TLS1_3_VERSION]
    )
    func resumption(_ version: Int32) throws {
        let scene = try GatewayScene.here()
        let certificates = try Certificates(scene)
        let request = try Request("GET", "/guarded/x").bearing(certificates.token("own"))
        var options = RawTLSClient.Options(highestVersion: version)
        options.certificate = certificates.files("own")
        let first = try RawTLSClient(port: scene.port, options)
        #expect(try Conversation(first).exchange(request).status == 200)
        // Without a certificate to show, only the session can bring it.
        options.certificate = nil
        options.session = first.session
        let second = try RawTLSClient(port: scene.port, options)
        #expect(second.isResumed)
        #expect(try Conversation(second).exchange(request).status == 200)
        first.close()
        second.close()
    }

    @Test("a token bound to a certificate and a key needs both", .scene(asking))
    func both() throws {
        let scene = try GatewayScene.here()
        let certificates = try Certificates(scene)
        let key = try scene.folder.write("key.pem", IdentityProvider.shared().p256.privatePEM())
        let thumbprint = try Proof.thumbprint(of: key)
        let token = try certificates.token("own", ["jkt": .string(thumbprint)])
        let request = Request("GET", "/guarded/x").with("Authorization", "DPoP \(token)")
        for (shown, isProven, status) in [
            ("own", true, 200), ("own", false, 401), ("other", true, 401), (nil, true, 401),
        ] as [(String?, Bool, Int)] {
            let options = RawTLSClient.Options(certificate: shown.map { certificates.files($0) })
            let conversation = try scene.connect(options)
            defer { conversation.close() }
            let proof = try Proof.make(key, "GET", scene, "/guarded/x", token: token)
            let sent = isProven ? request.with("DPoP", proof) : request
            let answer = try conversation.exchange(sent)
            #expect(answer.status == status)
            if status == 401 { #expect(answer.code == "token-binding") }
        }
    }

    @Test("a reload changes what new connections are asked for", .scene())
    func reload() throws {
        let scene = try GatewayScene.here()
        let certificates = try Certificates(scene)
        let token = try certificates.token("own")
        let shown = certificates.files("own")
        #expect(try curl(token, shown, version: "1.3")?.status == "401")
        try scene.rewrite { $0.listener.append("client-certificates request") }
        #expect(try scene.admin("POST", "/reload").status == 200)
        let deadline = Deadline(seconds: 10)
        while try curl(token, shown, version: "1.3")?.status != "200" {
            guard !deadline.hasPassed else {
                Issue.record("the reload had no effect")
                return
            }
        }
    }

    @Test("explain compares a certificate with the token's", .stillScene())
    func explain() throws {
        let scene = try GatewayScene.here()
        let certificates = try Certificates(scene)
        let token = try scene.folder.write("token.txt", certificates.token("own"))
        for (shown, verdict) in [
            ("own", "allowed"), ("other", "401 token-binding"), (nil, "401 token-binding"),
        ] {
            let options = shown.map { ["--certificate", certificates.files($0).chain] } ?? []
            let outcome = try Command.postern(
                ["explain", "--config", scene.configuration, "--token-file", token] + options
                    + ["GET", "https://acme.test/guarded/x"]
            )
            #expect(outcome.output.contains("verdict: \(verdict)\n"), "\(outcome.output)")
            let line = outcome.lines.first { $0.hasPrefix("certificate") }
            #expect(try line?.contains(certificates.digest("own")) == true)
        }
    }

    @Test("check names the line of authorities that cannot be read", .stillScene())
    func unreadable() throws {
        let scene = try GatewayScene.here()
        try scene.folder.write("empty.pem", "nothing\n")
        for file in ["missing.pem", "empty.pem"] {
            try scene.rewrite { settings in
                settings.listener = [
                    "certificate tls/acme.pem tls/acme.key", "client-certificates request",
                    "client-ca \(file)",
                ]
            }
            let outcome = try Command.postern(["check", "--config", scene.configuration])
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("postern.conf:4:15: error:"), "\(outcome.errors)")
            #expect(outcome.errors.contains(file))
        }
    }
}
