import Testing

@testable import Gateway

/// The statements about keys, bound tokens, opaque tokens and revocation.
@Suite("Token sources")
struct TokenSourcesTests {
    /// Adds lines to the `tokens` block of the small configuration; the first is on line 14.
    private static func tokens(_ lines: String) throws -> Configuration {
        try ConfigurationValueTests.load(
            "audience https://acme.example",
            "audience a\n" + lines
        )
    }

    private static func faults(_ lines: String) throws -> [String] {
        try faultsOfSmallConfiguration("audience https://acme.example", "audience a\n" + lines)
    }

    static let mistakes: [(lines: String, faults: [String])] = [
        ("keys-cache", ["14:1 `keys-cache` wants `keys-cache DIR`"]),
        ("keys-stale-max 31d", ["14:16 `31d` is not between 0s and 30d"]),
        ("keys-stale-max 500ms", ["14:16 `500ms` is not a whole number of seconds"]),
        ("keys-grace 8d", ["14:12 `8d` is not between 0s and 7d"]),
        ("keys-grase 1d", ["14:1 unknown word `keys-grase` in a `tokens` block (keys-grace?)"]),
        ("ca a\nca b", ["15:1 `ca` is given twice; the first is on line 14"]),
        ("dpop", ["14:1 `dpop` wants `dpop require|accept|refuse|nonce [required]`"]),
        (
            "dpop requir",
            ["14:6 `requir` is not `require`, `accept`, `refuse` or `nonce` (require?)"]
        ),
        (
            "dpop require required",
            ["14:14 unexpected `required`; wanted `dpop require`"]
        ),
        (
            "dpop require\ndpop accept",
            ["15:1 `dpop` is given twice; the first is on line 14"]
        ),
        ("dpop nonce", ["14:6 `dpop nonce` wants `dpop nonce required`"]),
        (
            "dpop nonce require",
            [
                "14:12 `require` stands where `required` should; wanted `dpop nonce required` (required?)"
            ]
        ),
        (
            "dpop nonce required\ndpop nonce required",
            ["15:1 `dpop` is given twice; the first is on line 14"]
        ),
        (
            "dpop nonce required\ndpop refuse",
            ["14:1 no nonce can be required where proofs are refused"]
        ),
        ("origin acme.example", ["14:8 `acme.example` has no scheme (https://acme.example?)"]),
        (
            "origin https://acme.example/",
            ["14:8 `https://acme.example/` has a path or a query (https://acme.example?)"]
        ),
        ("origin https://a@b", ["14:8 an origin has no user name or password"]),
        (
            "origin http://acme.example",
            ["14:8 `http://acme.example` does not begin with `https://`"]
        ),
        ("origin https://a:0", ["14:8 `https://a:0` has no port between 1 and 65535"]),
        ("origin https://", ["14:8 `https://` names no host"]),
        (
            "origin https://A.example:443\norigin https://a.example",
            ["15:8 origin `https://a.example` is given twice; the first is on line 14"]
        ),
        ("revoked a\nrevoked a", ["15:9 `a` is given twice; the first is on line 14"]),
        (
            "introspect https://a client b",
            [
                "14:1 `introspect` wants `introspect URL client ID secret SECRET [cache DURATION]`"
            ]
        ),
        (
            "introspect https://a client b password c",
            [
                "14:1 `introspect` wants `introspect URL client ID secret SECRET [cache DURATION]`"
            ]
        ),
        (
            "introspect https://a client b secret c cache",
            [
                "14:1 `introspect` wants `introspect URL client ID secret SECRET [cache DURATION]`"
            ]
        ),
        (
            "introspect https://a client b secret c cache 2h",
            ["14:46 `2h` is not between 0s and 1h"]
        ),
        (
            "introspect http://a.example client \"\" secret \"é\"",
            [
                "14:12 token answers come over https, or over http from a loopback address",
                "14:36 a client id is 1 to 1024 printable ASCII characters",
                "14:46 a client secret is 1 to 1024 printable ASCII characters",
            ]
        ),
        (
            "introspect https://a/#b client b secret c",
            ["14:12 a URL of token answers has no fragment"]
        ),
        (
            "introspect a.example client b secret c",
            ["14:12 `a.example` is no URL (https://a.example?)"]
        ),
        (
            "token-cache 1MB",
            ["14:1 `token-cache` belongs in a `limits` block, not in a `tokens` block"]
        ),
        (
            "client-ca x",
            ["14:1 `client-ca` belongs in a `listen` block, not in a `tokens` block"]
        ),
    ]

    @Test("a fault of a statement about tokens is named at its place", arguments: mistakes)
    func faults(_ lines: String, _ faults: [String]) throws {
        #expect(try Self.faults(lines) == faults)
    }

    static let elsewhere: [(old: String, new: String, faults: [String])] = [
        (
            "certificate a.pem a.key", "certificate a.pem a.key\nclient-certificates maybe",
            ["3:21 `maybe` is not `request` or `require`"]
        ),
        (
            "certificate a.pem a.key", "certificate a.pem a.key\nclient-ca ca.pem",
            ["3:1 `client-ca` stands without a line `client-certificates request|require`"]
        ),
        (
            "policies", "token-cache 1KB\npolicies",
            ["4:13 `1KB` is not between 64KB and 4GB"]
        ),
        (
            "policies", "token-cache 1MB\nlimits {\ntoken-cache 2MB\n}\npolicies",
            ["6:1 `token-cache` is given twice; the first is on line 4"]
        ),
        (
            "policies", "revoked x\nrevoked x\nkeys-cache a\nkeys-cache b\npolicies",
            [
                "5:9 `x` is given twice; the first is on line 4",
                "7:1 `keys-cache` is given twice; the first is on line 6",
            ]
        ),
        (
            "policies", "dpop require\npolicies",
            ["4:1 `dpop` belongs in a `tokens` or a `tenant` block, not in the configuration"]
        ),
        (
            "    upstream up\n", "    upstream up\n    dpop require\n    keys-cache x\n",
            [
                "12:5 `keys-cache` belongs in a `tokens` block or outside of all blocks, not in a `tenant` block"
            ]
        ),
        (
            "        audience https://acme.example\n    }\n",
            "        audience https://acme.example\n        dpop accept\n    }\n    dpop require\n",
            ["16:5 `dpop` is given twice; the first is on line 14"]
        ),
        (
            "host acme.example", "host *.example\ndpop require",
            [
                "10:1 a proof names the origin that was called, and every host of the tenant is a pattern: add a line `origin https://HOST`"
            ]
        ),
        (
            "host acme.example", "host *.example\ndpop nonce required",
            [
                "10:1 a proof names the origin that was called, and every host of the tenant is a pattern: add a line `origin https://HOST`"
            ]
        ),
        (
            "policies",
            "tenant other {\nhost other.example\nupstream up\ndpop require\n}\npolicies",
            ["7:1 `dpop` stands in a tenant without a `tokens` block"]
        ),
    ]

    @Test("a fault outside of the tokens block is named at its place", arguments: elsewhere)
    func faultsElsewhere(_ old: String, _ new: String, _ faults: [String]) throws {
        #expect(try faultsOfSmallConfiguration(old, new) == faults)
    }

    @Test func `what is not said has its default`() throws {
        let configuration = try Self.tokens("")
        let tokens = try #require(configuration.tenants[0].tokens)
        #expect(tokens.keys?.staleSecondsMax == 86_400)
        #expect(tokens.keys?.graceSeconds == 0)
        #expect(tokens.keys?.cachePath == nil && tokens.keys?.caPath == nil)
        #expect(tokens.introspection == nil)
        #expect(tokens.proofs.mode == .accept && !tokens.proofs.wantsNonce)
        #expect(configuration.limits.tokenCacheBytesMax == 16_777_216)
        #expect(configuration.listeners[0].clientCertificates == .none)
    }

    @Test func `a tenant's own word on keys goes before the one outside of all blocks`() throws {
        let configuration = try ConfigurationValueTests.load(
            "policies",
            """
            keys-cache /cache
            keys-stale-max 1h
            keys-grace 5m
            tenant other {
                host other.example
                upstream up
                tokens {
                    issuer https://idp.example/
                    audience b
                    keys-cache /other
                    keys-grace 0s
                    ca /ca.pem
                }
            }
            policies
            """
        )
        #expect(configuration.keysCache?.path == "/cache")
        let first = try #require(configuration.tenants[0].tokens?.keys)
        #expect(first.cachePath == "/other" && first.caPath == "/ca.pem")
        #expect(first.staleSecondsMax == 3_600 && first.graceSeconds == 0)
        let second = try #require(configuration.tenants[1].tokens?.keys)
        #expect(second.cachePath == "/cache" && second.caPath == nil)
        #expect(second.staleSecondsMax == 3_600 && second.graceSeconds == 300)
    }

    @Test func `with introspection and no keys line there are no keys here`() throws {
        let line = "introspect https://idp.example/i client a secret ${file:key}"
        let alone = try #require(try Self.tokens(line).tenants[0].tokens)
        #expect(alone.keys == nil)
        #expect(alone.introspection?.cacheSecondsMax == 60)
        #expect(alone.introspection?.clientID == "a")
        #expect(alone.introspection?.secret == "a{subject}}b")
        let both = try #require(
            try Self.tokens("ca /ca.pem\nkeys file:/k\n\(line) cache 0s").tenants[0].tokens
        )
        #expect(both.keys?.source == .file("/k"))
        #expect(both.introspection?.cacheSecondsMax == 0)
        #expect(both.introspection?.caPath == "/ca.pem")
    }

    @Test func `an issuer that is no URL needs no keys line beside introspection`() throws {
        let configuration = try ConfigurationValueTests.load(
            "issuer https://idp.example/",
            "issuer idp\nintrospect http://127.0.0.1:9/i client a secret b"
        )
        #expect(configuration.tenants[0].tokens?.introspection?.url == "http://127.0.0.1:9/i")
    }

    static let origins: [(text: String, origin: String)] = [
        ("https://Acme.Example", "https://acme.example"),
        ("https://acme.example:443", "https://acme.example"),
        ("HTTPS://acme.example:8443", "https://acme.example:8443"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://[::1]:9", "https://[::1]:9"),
    ]

    @Test("an origin has one spelling", arguments: origins)
    func origin(_ text: String, _ origin: String) throws {
        let tenant = try Self.tokens("origin \(text)").tenants[0]
        #expect(tenant.origins == [origin])
        #expect(tenant.tokens?.proofs.origins == [origin])
    }

    @Test func `dpop and origin may stand in the tenant block too`() throws {
        let tenant = try ConfigurationValueTests.load(
            "    upstream up\n",
            "    upstream up\ndpop nonce required\norigin https://a.example\n"
        ).tenants[0]
        #expect(tenant.tokens?.proofs.wantsNonce == true)
        #expect(tenant.tokens?.proofs.origins == ["https://a.example"])
    }

    @Test func `without an origin line the exact hosts and the ports make the origins`() throws {
        let tenant = try ConfigurationValueTests.load(
            "host acme.example",
            "host acme.example\nhost *.example\nhost [::1]"
        ).tenants[0]
        #expect(tenant.origins.isEmpty)
        #expect(
            tenant.tokens?.proofs.origins == [
                "https://acme.example", "https://acme.example:8443", "https://[::1]",
                "https://[::1]:8443",
            ]
        )
    }

    @Test func `a tenant whose hosts are all patterns takes no proof unless it names an origin`()
        throws
    {
        let silent = try ConfigurationValueTests.load("host acme.example", "host *.example")
        #expect(silent.tenants[0].tokens?.proofs.mode == .refuse)
        let refusing = try ConfigurationValueTests.load(
            "host acme.example",
            "host *.example\ndpop refuse"
        )
        #expect(refusing.tenants[0].tokens?.proofs.mode == .refuse)
        let named = try ConfigurationValueTests.load(
            "host acme.example",
            "host *.example\ndpop require\norigin https://a.example"
        )
        #expect(named.tenants[0].tokens?.proofs.mode == .require)
    }

    @Test func `what a secret file holds is in no message about introspection`() throws {
        for line in [
            "introspect https://a client b secret ${file:secret}",
            "introspect https://a client b ${file:secret} secret",
            "introspect https://a client b secret c ${file:secret}",
            "introspect ${file:secret} client b secret c",
            "introspect https://a client ${file:secret} secret c",
            "introspect https://a client b secret c cache ${file:secret}",
        ] {
            let text = smallConfiguration.replacing("        audience", with: "\(line)\naudience")
            let files = ["postern.conf": text, "p.policy": "", "secret": "hunter2\u{1}"]
            let folder = try ConfigurationFolder(files)
            let failure = #expect(throws: ConfigurationFailure.self) { try folder.load() }
            #expect(failure?.description.contains("hunter2") == false, "\(line)")
        }
    }

    @Test func `the token cache is sized in limits or outside of all blocks`() throws {
        let inside = try ConfigurationValueTests.load(
            "policies",
            "limits {\ntoken-cache 64KB\n}\npolicies"
        )
        #expect(inside.limits.tokenCacheBytesMax == 65_536)
        let outside = try ConfigurationValueTests.load("policies", "token-cache 4GB\npolicies")
        #expect(outside.limits.tokenCacheBytesMax == 4_294_967_296)
    }

    @Test func `client certificates are asked for a listener`() throws {
        let listener = try ConfigurationValueTests.load(
            "certificate a.pem a.key",
            "certificate a.pem a.key\nclient-certificates require\nclient-ca /ca.pem"
        ).listeners[0]
        #expect(listener.clientCertificates == .require)
        #expect(listener.clientCAPath == "/ca.pem")
    }
}
