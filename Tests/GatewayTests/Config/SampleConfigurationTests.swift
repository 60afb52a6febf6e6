import FoundationEssentials
import Policy
import Testing

@testable import Gateway

/// Whole configurations that must load.
@Suite("Sample configurations")
struct SampleConfigurationTests {
    static func repositoryFile(_ path: String) throws -> String {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return try String(contentsOfFile: "/\(root)/\(path)", encoding: .utf8)
    }

    /// The sample of the repository in a folder with the files that it names.
    static func sample() throws -> ConfigurationFolder {
        let text = try repositoryFile("deploy/postern.conf")
            .replacing("/run/secrets/", with: "secrets/")
        return try ConfigurationFolder([
            "deploy/postern.conf": text, "policies/openid4vci.policy": "roles admin",
            "deploy/secrets/issuer-key": "s3cret\n", "deploy/secrets/admin-token": "t0ken\n",
            "deploy/secrets/introspection": "hush\n", "deploy/secrets/otel": "0tel\n",
        ])
    }

    @Test func `the sample loads, and its values are the defaults`() throws {
        let folder = try Self.sample()
        let configuration = try folder.load("deploy/postern.conf").configuration
        #expect(configuration.limits == Configuration.Limits())
        #expect(configuration.drainMilliseconds == 30_000)
        #expect(configuration.workers == 4)
        #expect(configuration.analytics.level == 2)
        #expect(configuration.analytics.onFailure == .closed)
        #expect(configuration.analytics.durability == .process)
        let journal = try #require(configuration.analytics.journal)
        #expect(journal.path == "/var/lib/postern/events")
        #expect(journal.keepSeconds == 2_592_000)
        #expect(journal.limitBytes == 21_474_836_480)
        var shipper = Configuration.Shipper(
            name: "collector",
            position: try #require(configuration.analytics.shippers.first).position
        )
        shipper.receiver = .otlp(url: "https://otel.example/v1/logs")
        shipper.headers = [.init(name: "Authorization", value: "Bearer 0tel")]
        #expect(configuration.analytics.shippers == [shipper])
        #expect(configuration.policyPaths == [folder.path + "deploy/../policies/openid4vci.policy"])
        #expect(configuration.admin?.address == .init(host: "127.0.0.1", port: 9901))
        let rules = try #require(configuration.tenants.first?.tokens?.rules)
        var expected = TokenRules(
            issuer: "https://idp.example/",
            audiences: ["https://acme.vii.example"]
        )
        expected.rolesPath = ["realm_access", "roles"]
        expected.clientPath = ["azp"]
        #expect(rules == expected)
        let tokens = try #require(configuration.tenants.first?.tokens)
        #expect(tokens.keys == Configuration.KeyPlace(.url("https://idp.example/jwks.json")))
        #expect(tokens.proofs.mode == .accept && !tokens.proofs.wantsNonce)
        #expect(
            tokens.proofs.origins == ["https://acme.vii.example", "https://acme.vii.example:8443"]
        )
    }

    @Test func `the sample's headers are read into pieces`() throws {
        let configuration = try Self.sample().load("deploy/postern.conf").configuration
        let headers = try #require(configuration.upstreams.first?.headers)
        #expect(headers.map(\.name) == ["X-API-Key", "X-Auth-Subject"])
        #expect(headers.map(\.value) == [[.literal("s3cret")], [.subject]])
    }

    @Test func `every line of the sample that is a commented statement loads too`() throws {
        let folder = try Self.sample()
        let path = folder.path + "deploy/postern.conf"
        var text = try String(contentsOfFile: path, encoding: .utf8)
        for statement in [
            "ca tls/issuer-ca.pem", "host issuer.internal", "role issuer from offer-manager",
            "tenant claim http://mattr/tenant-id equals", "client-certificates request",
            "client-ca tls/client-ca.pem", "revoked revoked.txt",
            "keys-cache /var/lib/postern/keys",
            "ca tls/idp-ca.pem", "introspect https://idp.example/introspect", "dpop nonce required",
            "origin https://acme.vii.example", "revoked revoked-acme.txt",
        ] {
            let commented = "# " + statement
            #expect(text.contains(commented))
            text = text.replacing(commented, with: statement)
        }
        text = text.replacing(
            "admin 127.0.0.1:9901",
            with: """
                admin 0.0.0.0:9901 {
                    certificate tls/admin.pem tls/admin.key
                    token ${file:secrets/admin-token}
                }
                """
        )
        try Data(text.utf8).write(to: URL(filePath: path))
        let configuration = try folder.load("deploy/postern.conf").configuration
        #expect(configuration.admin?.token == "t0ken")
        #expect(configuration.upstreams[0].caPath == folder.path + "deploy/tls/issuer-ca.pem")
        #expect(configuration.upstreams[0].host == "issuer.internal")
        let tokens = try #require(configuration.tenants[0].tokens)
        #expect(tokens.rules.roleMapping == ["offer-manager": ["issuer"]])
        #expect(tokens.mappedRoles.map(\.text) == ["issuer"])
        #expect(tokens.rules.tenantBinding?.path == ["http://mattr/tenant-id"])
        #expect(configuration.listeners[0].clientCertificates == .request)
        #expect(configuration.revoked.map(\.path) == [folder.path + "deploy/revoked.txt"])
        #expect(tokens.revoked.map(\.path) == [folder.path + "deploy/revoked-acme.txt"])
        #expect(tokens.keys?.cachePath == "/var/lib/postern/keys")
        #expect(tokens.introspection?.secret == "hush")
        #expect(tokens.proofs.wantsNonce)
        #expect(configuration.tenants[0].origins == ["https://acme.vii.example"])
    }

    @Test("the configuration of the benchmark loads", arguments: [true, false])
    func benchmark(_ isTLS: Bool) throws {
        let server =
            isTLS
            ? "server https://localhost:9443\n    ca /fix/ca.pem" : "server http://127.0.0.1:9080"
        let folder = try ConfigurationFolder([
            "postern.conf": Self.benchmarkConfiguration(server),
            "policies/b.policy": "roles reader",
        ])
        let configuration = try folder.load().configuration
        #expect(configuration.workers == 2)
        #expect(configuration.listeners[0].sessionTickets == false)
        #expect(configuration.tenants[0].hosts.map(\.name) == ["localhost", "127.0.0.1"])
        #expect(configuration.upstreams[0].servers[0].isTLS == isTLS)
        #expect(configuration.upstreams[0].servers[0].port == (isTLS ? 9443 : 9080))
        #expect(configuration.upstreams[0].caPath == (isTLS ? "/fix/ca.pem" : nil))
        let tokens = try #require(configuration.tenants[0].tokens)
        #expect(tokens.keys?.source == .file("/fix/jwks.json"))
        #expect(tokens.rules.algorithms == [.rs256, .es256])
        #expect(configuration.analytics.journal?.limitBytes == 2_147_483_648)
        #expect(configuration.limits.idleTimeoutMilliseconds == 300_000)
        #expect(configuration.limits.requestBodyBytesMax == 67_108_864)
        #expect(configuration.limits.connectionsPerAddressMax == 20_000)
    }

    static func benchmarkConfiguration(_ server: String) -> String {
        """
        # Postern with its journal ON: every matched request writes two events.
        listen 127.0.0.1:8443 {
            certificate /fix/tls.crt /fix/tls.key
            session-tickets off
        }
        policies policies
        workers 2
        upstream issuer {
            \(server)
        }
        tenant bench {
            host localhost
            host 127.0.0.1
            upstream issuer
            tokens {
                issuer https://idp.bench.test/
                audience https://api.bench.test
                keys file:/fix/jwks.json
                algorithms RS256 ES256
                roles claim roles
            }
        }
        analytics {
            journal events {
                limit 2GB
            }
        }
        limits {
            idle-timeout 300s
            request-body 64MB
            connections-per-address 20000
        }
        """
    }
}
