import Foundation
import Testing

@Suite("postern check")
struct CheckTests {
    /// A change to the configuration or the policy and what must be said of it.
    struct Mistake: Sendable, CustomTestStringConvertible {
        var name: String
        var file: String
        var old: String
        var new: String

        /// The line and the column, where they are certain.
        var words: [String]
        var testDescription: String { name }

        init(_ name: String, _ file: String, _ old: String, _ new: String, _ words: String...) {
            self.name = name
            self.file = file
            self.old = old
            self.new = new
            self.words = words
        }
    }

    static let mistakes: [Mistake] = [
        Mistake("a misspelt statement", conf, "workers 2", "wrokers 2", "wrokers", "workers"),
        Mistake("a misspelt block", conf, "analytics {", "analitics {", "analitics", "analytics"),
        Mistake(
            "a misspelt statement of a tenant",
            conf,
            "host acme.test",
            "hsot acme.test",
            "hsot",
            "host"
        ),
        Mistake(
            "an unknown upstream",
            conf,
            "upstream issuer\n    tokens",
            "upstream isuer\n    tokens",
            "isuer",
            "issuer"
        ),
        Mistake("a duration without a unit", conf, "drain 3s", "drain 3", "3"),
        Mistake("a duration in an unknown unit", conf, "drain 3s", "drain 3parsecs", "3parsecs"),
        Mistake("a size in an unknown unit", conf, "limit 256MB", "limit 256MQ", "256MQ"),
        Mistake(
            "an unknown algorithm",
            conf,
            "roles claim roles",
            "algorithms RS257",
            "RS257",
            "RS256"
        ),
        Mistake(
            "a folder for keys that cannot be made",
            conf,
            "roles claim roles",
            "keys-cache policies/scene.policy/keys",
            "keys cannot be kept in",
            "policies/scene.policy/keys"
        ),
        Mistake(
            "authorities that are none",
            conf,
            "roles claim roles",
            "ca tls/acme.key",
            "tls/acme.key"
        ),
        Mistake("a symmetric algorithm", conf, "roles claim roles", "algorithms HS256", "HS256"),
        Mistake("the algorithm none", conf, "roles claim roles", "algorithms none", "none"),
        Mistake(
            "an unset variable",
            conf,
            "workers 2",
            "workers ${env:POSTERN_NOT_SET}",
            "POSTERN_NOT_SET"
        ),
        Mistake(
            "an unreadable file",
            conf,
            "workers 2",
            "workers ${file:nowhere.txt}",
            "nowhere.txt"
        ),
        Mistake("a missing certificate", conf, "tls/acme.pem", "tls/nowhere.pem", "nowhere.pem"),
        Mistake("a missing key", conf, "tls/acme.key", "tls/nowhere.key", "nowhere.key"),
        Mistake("a key of another certificate", conf, "tls/acme.key", "tls/beta.key", "beta.key"),
        Mistake("a missing key set", conf, "file:keys.json", "file:nowhere.json", "nowhere.json"),
        Mistake("a key set over http", conf, "file:keys.json", "http://idp.test/jwks", "http"),
        Mistake("the same host twice", conf, "host beta.test", "host ACME.test", "acme.test"),
        Mistake("a port too large", conf, "listen 127.0.0.1:", "listen 127.0.0.1:9", "listen"),
        Mistake("a missing policy", conf, "policies policies", "policies nowhere", "nowhere"),
        Mistake("a block never closed", conf, "listen", "limits {\nlisten"),
        Mistake("a quote never closed", conf, "workers 2", "workers \"2"),
        Mistake("an unknown escape", conf, "workers 2", "workers \"\\q\""),
        Mistake("a tenant without a host", conf, "    host beta.test\n", "", "beta"),
        Mistake(
            "an unknown statement of a route",
            policy,
            "    public\n",
            "    pubic\n",
            "pubic",
            "public"
        ),
        Mistake(
            "an unknown role",
            policy,
            "allow role admin auditor",
            "allow role admin audtor",
            "audtor",
            "auditor"
        ),
        Mistake("a route for nobody and everybody", policy, "    allow any\n", "", "anybody"),
        Mistake("an unknown type of a parameter", policy, "{id:int}", "{id:itn}", "itn", "int"),
        Mistake("a rest in the middle", policy, "/open/{rest...}", "/open/{rest...}/x", "rest"),
        Mistake("two routes for one request", policy, "GET /scoped", "GET /anybody", "anybody"),
        Mistake("the same route twice", policy, "route scoped", "route anybody", "anybody"),
        Mistake(
            "a test that fails",
            policy,
            "role auditor expect 403",
            "role auditor expect allow",
            "an auditor does not"
        ),
        Mistake(
            "a test of a route nobody names",
            policy,
            "test \"an issuer",
            "test \"x\" GET /nowhere expect allow\ntest \"an issuer"
        ),
        Mistake(
            "an unknown style of errors",
            policy,
            "errors oauth",
            "errors oath",
            "oath",
            "oauth"
        ),
        Mistake(
            "a template without a slash",
            policy,
            "match GET /scoped",
            "match GET scoped",
            "scoped"
        ),
    ]
    private static let conf = "postern.conf"
    private static let policy = "policies/scene.policy"

    @Test func `a good configuration is summed up`() throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        let outcome = try Command.postern(["check", "--config", scene.configuration])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(!outcome.output.isEmpty)
    }

    @Test("a mistake is named with its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        let path = scene.folder.path(of: mistake.file)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let range = try #require(text.range(of: mistake.old))
        try scene.folder.write(
            mistake.file,
            text.replacingCharacters(in: range, with: mistake.new)
        )
        let outcome = try Command.postern(["check", "--config", scene.configuration])
        #expect(outcome.status == 2 || outcome.status == 1, "\(outcome.output)")
        let said = outcome.errors
        #expect(said.contains(/(?m)^\S+:\d+:\d+: error: .+$/), "\(said)")
        for word in mistake.words { #expect(said.contains(word), "\(word) in \(said)") }
        #expect(said.contains("^"), "no caret in \(said)")
        try expectCarets(said)
    }

    @Test func `keys of a file that are left out are told, and stop nothing`() throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        let good = try SigningKey(.p256, identifier: "good").publicKey()
        let set: JSON = ["keys": [["kty": "oct", "kid": "hs", "k": "c2VjcmV0"], good, good]]
        try scene.folder.write("keys.json", set.text)
        let outcome = try Command.postern(["check", "--config", scene.configuration])
        #expect(outcome.status == 0)
        let said = outcome.output + outcome.errors
        #expect(said.contains("key 1 `hs` is a symmetric key, which is never used"), "\(said)")
        #expect(said.contains("key 3 `good` is there twice"))
        #expect(!said.contains("c2VjcmV0"))
    }

    @Test func `serve says the same and ends with 2`() throws {
        let scene = try GatewayScene(.with { $0.topLevel.append("wrokers 3") })
        defer { scene.end() }
        let outcome = try Command.postern(["serve", "--config", scene.configuration], seconds: 10)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("wrokers"))
        #expect(outcome.errors.contains("workers"))
    }

    @Test func `every error is reported, not only the first`() throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        try scene.rewrite { settings in
            settings.topLevel += ["wrokers 3", "drian 4s"]
            settings.limits = ["request-boddy 1MB"]
            settings.policy += "route x {\n    macth GET /x\n    public\n}\n"
        }
        let outcome = try Command.postern(["check", "--config", scene.configuration])
        #expect(outcome.status == 2)
        for word in ["wrokers", "drian", "request-boddy", "macth"] {
            #expect(outcome.errors.contains(word), "\(word)")
        }
    }

    @Test func `the caret stands under the word, at the line and column named`() throws {
        let folder = try TemporaryFolder("check")
        let path = try folder.write(
            "postern.conf",
            "# first line\nlisten 127.0.0.1:8443 {\n    certifcate a b\n}\n"
        )
        let outcome = try Command.postern(["check", "--config", path])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("postern.conf:3:5: error:"), "\(outcome.errors)")
        #expect(outcome.errors.contains("certificate"), "the nearest known word")
        try expectCarets(outcome.errors)
    }

    @Test func `a file that is included is named by its own place`() throws {
        let scene = try GatewayScene(.with { $0.topLevel.append("include parts/*.conf") })
        defer { scene.end() }
        try scene.folder.write("parts/one.conf", "limits {\n    request-body 2MB\n}\n")
        let good = try Command.postern(["check", "--config", scene.configuration])
        #expect(good.status == 0, "\(good.errors)")
        try scene.folder.write("parts/one.conf", "\nlimits {\n    request-bodi 2MB\n}\n")
        let bad = try Command.postern(["check", "--config", scene.configuration])
        #expect(bad.status == 2)
        #expect(bad.errors.contains("one.conf:3:5: error:"), "\(bad.errors)")
    }

    @Test func `a value may come from the environment or a file`() throws {
        let scene = try GatewayScene(
            .with { settings in
                settings.topLevel = ["workers ${env:POSTERN_TEST_WORKERS}"]
                settings.upstream = ["header X-API-Key ${file:secret.txt}"]
            }
        )
        defer { scene.end() }
        try scene.folder.write("secret.txt", "s3cret\n")
        let outcome = try Command.postern(
            ["check", "--config", scene.configuration],
            environment: ["POSTERN_TEST_WORKERS": "2"]
        )
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(!outcome.output.contains("s3cret"))
    }

    @Test func `a missing configuration is named`() throws {
        let outcome = try Command.postern(["check", "--config", "/nowhere/postern.conf"])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("/nowhere/postern.conf"))
    }

    @Test func `a check starts nothing and writes no event`() throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        _ = try Command.postern(["check", "--config", scene.configuration])
        #expect((try? Socket.connected(to: scene.port)) == nil)
    }

    /// Under every line that is shown stands a caret, at the column that its message names.
    private func expectCarets(_ said: String) throws {
        let lines = said.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            guard let match = line.prefixMatch(of: #/\S+?:(\d+):(\d+): error: /#) else { continue }
            let rest = lines[(index + 1)...].prefix(3)
            let caret = rest.first { $0.contains("^") && !$0.contains { $0.isLetter } }
            guard let caret, let place = caret.firstIndex(of: "^") else {
                Issue.record("no caret after `\(line)`")
                continue
            }
            let shown = rest.first ?? ""
            let column = caret.distance(from: caret.startIndex, to: place)
            #expect(column < shown.count + 1, "the caret stands beside its line: \(said)")
            #expect(Int(match.output.2) != nil)
        }
    }
}
