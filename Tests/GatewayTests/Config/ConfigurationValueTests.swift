import Policy
import Testing

@testable import Gateway

/// What well-formed words become.
@Suite("Configuration values")
struct ConfigurationValueTests {
    /// The small configuration with `old` replaced by `new`, loaded.
    static func load(_ old: String, _ new: String) throws -> Configuration {
        let text = smallConfiguration.replacing(old, with: new)
        let files = ["postern.conf": text, "p.policy": "", "key": "a{subject}\u{7D}b\n"]
        return try ConfigurationFolder(files).load().configuration
    }

    static let addresses: [(text: String, host: String, port: UInt16)] = [
        ("0.0.0.0:8443", "0.0.0.0", 8_443), ("[::1]:8443", "::1", 8_443),
        ("[::]:443", "::", 443), ("localhost:9901", "localhost", 9_901),
        ("LOCALHOST:1", "localhost", 1), ("127.0.0.1:65535", "127.0.0.1", 65_535),
    ]

    @Test("an address is an IP address or localhost, and a port", arguments: addresses)
    func address(_ text: String, _ host: String, _ port: UInt16) throws {
        let configuration = try Self.load("127.0.0.1:8443", text)
        #expect(configuration.listeners[0].address == .init(host: host, port: port))
    }

    static let loopback = ["127.0.0.1:9901", "127.8.9.1:9901", "[::1]:9901", "localhost:9901"]

    @Test("an admin address on this machine needs no block", arguments: loopback)
    func admin(_ text: String) throws {
        let configuration = try Self.load("policies", "admin \(text)\npolicies")
        #expect(configuration.admin != nil)
    }

    static let servers: [(text: String, isTLS: Bool, host: String, port: UInt16)] = [
        ("http://127.0.0.1:8080", false, "127.0.0.1", 8_080),
        ("http://issuer", false, "issuer", 80),
        ("https://issuer.internal", true, "issuer.internal", 443),
        ("HTTPS://Issuer.Internal:8443", true, "issuer.internal", 8_443),
        ("http://[::1]:8080", false, "::1", 8_080),
        ("http://my_service:8080", false, "my_service", 8_080),
    ]

    @Test("a server is a scheme, a host and perhaps a port", arguments: servers)
    func server(_ text: String, _ isTLS: Bool, _ host: String, _ port: UInt16) throws {
        let configuration = try Self.load("http://127.0.0.1:8080", text)
        let server = try #require(configuration.upstreams[0].servers.first)
        #expect(server.isTLS == isTLS)
        #expect(server.host == host)
        #expect(server.port == port)
    }

    static let hosts: [(text: String, name: String)] = [
        ("acme.vii.example", "acme.vii.example"), ("ACME.Example", "acme.example"),
        ("*.example", "*.example"), ("127.0.0.1", "127.0.0.1"), ("[::1]", "[::1]"),
        ("localhost", "localhost"), ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
    ]

    @Test("a host is kept in lower case", arguments: hosts)
    func host(_ text: String, _ name: String) throws {
        let configuration = try Self.load("host acme.example", "host \(text)")
        #expect(configuration.tenants[0].hosts.map(\.name) == [name])
    }

    static let headers: [(text: String, value: [Configuration.HeaderPiece])] = [
        ("plain", [.literal("plain")]),
        ("two words", [.literal("two words")]),
        ("\"two  words\"", [.literal("two  words")]),
        ("\"\"", []),
        ("{subject}", [.subject]),
        ("\"{subject}\"", [.subject]),
        ("a-{tenant}-{client}", [.literal("a-"), .tenant, .literal("-"), .client]),
        ("{roles} {request-id}", [.roles, .literal(" "), .requestID]),
        ("{claim sub}", [.claim(path: ["sub"])]),
        ("{claim realm_access roles}", [.claim(path: ["realm_access", "roles"])]),
        ("x{claim a b}y z", [.literal("x"), .claim(path: ["a", "b"]), .literal("y z")]),
        ("\"{claim a b}\"", [.claim(path: ["a", "b"])]),
        ("${file:key}", [.literal("a{subject}}b")]),
        ("Bearer ${file:key}", [.literal("Bearer a{subject}}b")]),
        (#""\u{7B}subject\u{7D}""#, [.literal("{subject}")]),
    ]

    @Test("a header value is literals and placeholders", arguments: headers)
    func header(_ text: String, _ value: [Configuration.HeaderPiece]) throws {
        let configuration = try Self.load(
            "server http://127.0.0.1:8080",
            "server http://a\nheader X-Value \(text)"
        )
        let header = try #require(configuration.upstreams[0].headers.first)
        #expect(header.name == "X-Value")
        #expect(header.value == value)
    }

    static let keys: [(text: String, source: Configuration.KeySource)] = [
        ("https://idp.example/jwks.json?a=b", .url("https://idp.example/jwks.json?a=b")),
        ("http://127.0.0.1:9/jwks", .url("http://127.0.0.1:9/jwks")),
        ("http://[::1]/jwks", .url("http://[::1]/jwks")),
        ("http://localhost:9/jwks", .url("http://localhost:9/jwks")),
        ("file:/etc/keys.json", .file("/etc/keys.json")),
    ]

    @Test("keys come from a file, over https, or from this machine", arguments: keys)
    func keySource(_ text: String, _ source: Configuration.KeySource) throws {
        let configuration = try Self.load("audience", "keys \(text)\naudience")
        #expect(configuration.tenants[0].tokens?.keys?.source == source)
    }

    @Test func `a key file is relative to the file that names it`() throws {
        let text = smallConfiguration.replacing("audience", with: "keys file:keys.json\naudience")
        let folder = try ConfigurationFolder(["a/postern.conf": text, "a/p.policy": ""])
        let tokens = try folder.load("a/postern.conf").configuration.tenants[0].tokens
        #expect(tokens?.keys?.source == .file(folder.path + "a/keys.json"))
    }

    static let types: [(text: String, types: Set<String>, acceptsMissing: Bool)] = [
        ("at+jwt", ["at+jwt"], false),
        ("application/AT+JWT JWT", ["at+jwt", "jwt"], false),
        ("JWT absent", ["jwt"], true),
    ]

    @Test("named types are the only ones", arguments: types)
    func acceptedTypes(_ text: String, _ types: Set<String>, _ acceptsMissing: Bool) throws {
        let configuration = try Self.load("audience", "types \(text)\naudience")
        let rules = try #require(configuration.tenants[0].tokens?.rules)
        #expect(rules.types == types)
        #expect(rules.acceptsMissingType == acceptsMissing)
    }

    @Test func `the rules of tokens are read`() throws {
        let configuration = try Self.load(
            "audience https://acme.example",
            """
            audience a
            audience "b c"
            leeway 0s
            max-lifetime 7d
            roles claim realm_access roles
            role issuer from offer-manager offer-admin
            role admin from offer-admin
            client claim azp
            tenant claim http://mattr/tenant-id equals 2f1c
            """
        )
        var rules = TokenRules(issuer: "https://idp.example/", audiences: ["a", "b c"])
        rules.leewaySeconds = 0
        rules.lifetimeSecondsMax = 604_800
        rules.rolesPath = ["realm_access", "roles"]
        rules.roleMapping = ["offer-manager": ["issuer"], "offer-admin": ["issuer", "admin"]]
        rules.clientPath = ["azp"]
        rules.tenantBinding = .init(path: ["http://mattr/tenant-id"], value: "2f1c")
        #expect(configuration.tenants[0].tokens?.rules == rules)
    }

    @Test func `a tenant finds its upstream wherever it stands`() throws {
        let configuration = try Self.load(
            "tenant acme {",
            "tenant other {\nhost *.example\nupstream late\n}\nupstream late {\n"
                + "server http://b\n}\ntenant acme {"
        )
        #expect(configuration.tenants.map(\.upstream) == [1, 0])
    }

    @Test func `the number of event loops stays within bounds`() {
        #expect([0, 1, 64, 1_000].map(ConfigurationDraft.workers) == [1, 1, 64, 256])
    }
}
