import Policy
import Testing

@testable import Gateway

@Suite("Prepared configuration")
struct PreparedConfigurationTests {
    static let configuration = """
        listen 127.0.0.1:8443 {
            certificate good.pem good.key
        }
        policies p.policy
        upstream up {
            server https://127.0.0.1:8080
            ca ca.pem
        }
        tenant acme {
            host acme.example
            upstream up
            tokens {
                issuer https://idp.example/
                audience https://acme.example
                role admin from boss
            }
        }

        """

    static let policy = """
        roles admin issuer
        route a {
            match GET /a
            allow role admin
        }

        """

    struct Mistake: Sendable, CustomTestStringConvertible {
        let old: String
        let new: String

        /// `LINE:COLUMN: error: ` and how the message begins.
        let report: String
        var testDescription: String { new }

        init(_ old: String, _ new: String, _ report: String) {
            self.old = old
            self.new = new
            self.report = report
        }
    }

    static let mistakes: [Mistake] = [
        Mistake(
            "role admin from",
            "role admn from",
            "15:14: error: unknown role `admn`; did you mean `admin`?"
        ),
        Mistake("certificate good.pem", "certificate no.pem", "2:17: error: cannot read `"),
        Mistake("certificate good.pem", "certificate good.key", "2:17: error: `"),
        Mistake("good.key", "no.key", "2:26: error: cannot read `"),
        Mistake("good.key", "ca.pem", "2:26: error: `"),
        Mistake("good.key", "other.key", "2:26: error: the private key in `"),
        Mistake("ca ca.pem", "ca no.pem", "7:8: error: cannot read `"),
        Mistake("ca ca.pem", "ca good.key", "7:8: error: `"),
        Mistake(
            "audience",
            "keys file:no.json\n        audience",
            "14:14: error: tenant `acme` has no keys from `"
        ),
        Mistake(
            "audience",
            "ca no.pem\n        audience",
            "14:12: error: cannot read `"
        ),
        Mistake(
            "audience",
            "ca good.key\n        audience",
            "14:12: error: `"
        ),
        Mistake(
            "audience",
            "keys-cache p.policy/keys\n        audience",
            "14:20: error: keys cannot be kept in `"
        ),
        Mistake(
            "upstream up {",
            "keys-cache ca.pem\nupstream up {",
            "5:12: error: keys cannot be kept in `"
        ),
        Mistake("policies p", "revoked no.txt\npolicies p", "4:9: error: cannot use `"),
        Mistake("role admin", "revoked no.txt\n        role admin", "15:17: error: cannot use `"),
    ]

    private static func scene(_ text: String) throws -> CertificateScene {
        let scene = try CertificateScene()
        try scene.write(text, to: "postern.conf")
        try scene.write(policy, to: "p.policy")
        for name in ["good", "other"] {
            let files = try scene.issue(["acme.example"])
            try scene.move(files.chainPath, to: name + ".pem")
            try scene.move(files.keyPath, to: name + ".key")
        }
        return scene
    }

    /// What is wrong, the folder left out; empty when nothing is.
    private static func report(_ text: String) throws -> String {
        let scene = try scene(text)
        do throws(PreparedConfiguration.Failure) {
            _ = try PreparedConfiguration(path: scene.folder + "/postern.conf")
            return ""
        } catch {
            switch error {
            case .invalid(let text), .testsFailed(let text):
                return text.replacing(scene.folder + "/postern.conf:", with: "")
            }
        }
    }

    @Test("an error points at the word that is wrong", arguments: mistakes)
    func position(_ mistake: Mistake) throws {
        #expect(Self.configuration.contains(mistake.old))
        let text = Self.configuration.replacing(mistake.old, with: mistake.new)
        let report = try Self.report(text)
        #expect(report.hasPrefix(mistake.report), "\(report)")
    }

    @Test func `what is right has no error, and without declared roles every role is known`() throws
    {
        #expect(try Self.report(Self.configuration) == "")
        let scene = try Self.scene(Self.configuration.replacing("role admin", with: "role x"))
        try scene.write(Self.policy.replacing("roles admin issuer\n", with: ""), to: "p.policy")
        _ = try PreparedConfiguration(path: scene.folder + "/postern.conf")
    }

    @Test func `a folder for keys that is yet to be made is no error, and checking makes none`()
        throws
    {
        let scene = try Self.scene("keys-cache var/keys\n" + Self.configuration)
        _ = try PreparedConfiguration(path: scene.folder + "/postern.conf")
        #expect(FileSystem.status(of: scene.folder + "/var") == nil)
    }

    @Test func `keys of a file that are not used are a warning each`() throws {
        let line = "keys file:keys.json\n        audience"
        let scene = try Self.scene(Self.configuration.replacing("audience", with: line))
        let good = SignatureVectorTests.vectors[1].jwk
        let bad = [#"{"kty":"oct","k":"c2VjcmV0"}"#, #"{"kty":"X"}"#, good]
        let keys = ([good] + bad).joined(separator: ",")
        try scene.write("{\"keys\":[\(keys)]}", to: "keys.json")
        let prepared = try PreparedConfiguration(path: scene.folder + "/postern.conf")
        #expect(prepared.fileKeyCounts == [0: 1])
        let words = prepared.shownWarnings(at: Clock.unixSeconds()).map {
            $0.split(separator: "keys.json`, ").last.map(String.init)
        }
        #expect(
            words == [
                "key 2 is a symmetric key, which is never used",
                "key 3 has a `kty` or `crv` that is not used", "key 4 is there twice",
            ]
        )
    }

    @Test func `a tenant without clients is a warning, where the policy checks authorize`() throws {
        let scene = try Self.scene(Self.configuration)
        let route = "route b {\n    match GET /b\n    public\n    check authorize\n}\n"
        try scene.write(Self.policy + route, to: "p.policy")
        let path = scene.folder + "/postern.conf"
        let words = try PreparedConfiguration(path: path).shownWarnings(at: Clock.unixSeconds())
        #expect(
            words == [
                "\(path):9: tenant `acme` has no `client`, so every authorization request to it is "
                    + "refused"
            ]
        )
        let client = "client a {\n redirect https://a.example\n }\n    tokens {"
        let text = Self.configuration.replacing("tokens {", with: client)
        try scene.write(text, to: "postern.conf")
        #expect(try PreparedConfiguration(path: path).warnings.isEmpty)
    }

    @Test func `revoked files are read, each for whom it counts`() throws {
        let text = Self.configuration
            .replacing("policies p", with: "revoked a.txt\npolicies p")
            .replacing("role admin", with: "revoked b.txt\n        role admin")
        let scene = try Self.scene(text)
        try scene.write("x\ny\n", to: "a.txt")
        try scene.write("z\n", to: "b.txt")
        let files = try PreparedConfiguration(path: scene.folder + "/postern.conf").revocationFiles
        #expect(files.map(\.tenant) == [nil, "acme"])
        #expect(files.map(\.counts.total) == [2, 1])
    }

    @Test func `all files together have no more entries than the limit`() throws {
        let text = Self.configuration.replacing(
            "policies p",
            with: "revoked a.txt\nrevoked b.txt\npolicies p"
        )
        let scene = try Self.scene(text)
        try scene.write("x\ny\n", to: "a.txt")
        try scene.write("z\n", to: "b.txt")
        let path = scene.folder + "/postern.conf"
        let configuration = try PreparedConfiguration(path: path).loaded.configuration
        for (entriesMax, faults) in [(3, []), (2, [5]), (1, [4]), (0, [4, 5])] {
            var diagnostics: [Diagnostic] = []
            _ = PreparedConfiguration.revocationFiles(
                of: configuration,
                entriesMax: entriesMax,
                &diagnostics
            )
            #expect(diagnostics.map(\.position.line) == faults)
        }
    }

    @Test func `what is only worth knowing is a warning`() throws {
        let scene = try Self.scene(Self.configuration)
        let prepared = try PreparedConfiguration(path: scene.folder + "/postern.conf")
        #expect(prepared.shownWarnings(at: Clock.unixSeconds()).isEmpty)
        let later = prepared.shownWarnings(at: Clock.unixSeconds() + 400 * 86_400)
        #expect(later.count == 1)
        #expect(later.first?.contains("clients will refuse it") == true)
    }
}
