/// Everything that `postern demo` runs on: certificates, keys, tenants and a configuration.
struct DemoScene: Sendable {
    let folder: DemoFolder
    let acme: DemoTenant
    let globex: DemoTenant

    /// Where the gateway listens.
    let port: UInt16

    /// Where its admin listener does.
    let adminPort: UInt16

    var configurationPath: String { folder.path(of: "postern.conf") }
    var authorityPath: String { folder.path(of: "ca.pem") }
    var journalPath: String { folder.path(of: "events") }

    /// Writes the scene.
    ///
    /// - Parameters:
    ///   - folder: Where to.
    ///   - port: Where the gateway will listen.
    ///   - adminPort: Where its admin listener will.
    ///   - issuerPort: Where the stub issuer listens.
    /// - Throws: What could not be made or written.
    init(
        in folder: DemoFolder,
        port: UInt16,
        adminPort: UInt16,
        issuerPort: UInt16
    ) throws(DemoFailure) {
        self.folder = folder
        self.port = port
        self.adminPort = adminPort
        acme = try DemoTenant(name: "acme")
        globex = try DemoTenant(name: "globex")
        try writeCertificates()
        for tenant in [acme, globex] {
            try folder.write(tenant.keyPEM, to: "keys/\(tenant.name).pem")
            try folder.write(tenant.keySet, to: "keys/\(tenant.name).jwks.json")
        }
        try folder.write(DemoPolicy.text, to: "policies/openid4vci.policy")
        try folder.write(configuration(issuerPort: issuerPort), to: "postern.conf")
    }

    private func writeCertificates() throws(DemoFailure) {
        let made: (authorityPEM: String, server: CertificateAuthority.Issued)
        do throws(TLSFailure) {
            made = try makeCertificates()
        } catch {
            throw .cryptography("\(error)")
        }
        try folder.write(made.authorityPEM, to: "ca.pem")
        try folder.write(made.server.certificatePEM, to: "tls/server.pem")
        try folder.write(made.server.keyPEM, to: "tls/server.key")
    }

    private func makeCertificates() throws(TLSFailure) -> (String, CertificateAuthority.Issued) {
        let authority = try CertificateAuthority(name: "Postern demonstration", days: 30)
        let names = [acme.host, globex.host, "localhost", "127.0.0.1"]
        let server = try authority.issue(names: names, days: 0...30)
        return (try authority.certificatePEM(), server)
    }

    private func configuration(issuerPort: UInt16) -> String {
        """
        # What `postern demo` runs with; `postern serve --config` on it does the same.
        listen 127.0.0.1:\(port) {
            certificate tls/server.pem tls/server.key
        }
        admin 127.0.0.1:\(adminPort)
        policies policies
        workers 2

        upstream issuer {
            server http://127.0.0.1:\(issuerPort)
        }

        \(tenant(acme))
        \(tenant(globex))
        analytics {
            journal events {
                keep 1d
                limit 200MB
            }
            level 2
        }
        drain 2s

        """
    }

    private func tenant(_ tenant: DemoTenant) -> String {
        """
        tenant \(tenant.name) {
            host \(tenant.host)
            upstream issuer
            client wallet {
                redirect https://wallet.example/callback
            }
            tokens {
                issuer \(tenant.issuer)
                audience \(tenant.origin(port: port))
                keys file:keys/\(tenant.name).jwks.json
                roles claim roles
            }
        }

        """
    }
}
