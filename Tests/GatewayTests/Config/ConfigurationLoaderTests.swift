import Policy
import Testing

@testable import Gateway

@Suite("Configuration loader")
struct ConfigurationLoaderTests {
    @Test func `the smallest configuration gets every default`() throws {
        let folder = try ConfigurationFolder(["postern.conf": smallConfiguration, "p.policy": ""])
        let loaded = try folder.load()
        let configuration = loaded.configuration
        #expect(configuration.workers == 4)
        #expect(configuration.drainMilliseconds == 30_000)
        #expect(configuration.limits == Configuration.Limits())
        #expect(configuration.admin == nil)
        #expect(configuration.analytics.journal == nil)
        #expect(configuration.analytics.level == 2)
        let listener = try #require(configuration.listeners.first)
        #expect(listener.address == .init(host: "127.0.0.1", port: 8443))
        #expect(listener.sessionTickets)
        #expect(listener.certificates.map(\.chainPath) == [folder.path + "a.pem"])
        #expect(listener.certificates.map(\.keyPath) == [folder.path + "a.key"])
        let upstream = try #require(configuration.upstreams.first)
        #expect(upstream.connectTimeoutMilliseconds == 2_000)
        #expect(upstream.responseTimeoutMilliseconds == 30_000)
        let tokens = try #require(configuration.tenants.first?.tokens)
        #expect(tokens.keys?.source == .discovery(issuer: "https://idp.example/"))
        #expect(
            tokens.rules
                == TokenRules(issuer: "https://idp.example/", audiences: ["https://acme.example"])
        )
        #expect(loaded.policyFiles.map(\.path) == [folder.path + "p.policy"])
    }

    @Test func `every fault of every file is reported, in the order of the places`() throws {
        let folder = try ConfigurationFolder([
            "postern.conf": """
            lsten 127.0.0.1:8443 {
            }
            include conf.d/*.conf
            policies policies
            drain 30
            tenant acme {
                host acme.example
                upstream isuer
                include tokens.conf
            }
            """,
            "conf.d/10.conf": "upstream issuer {\n    server 127.0.0.1:1\n}\n",
            "conf.d/20.conf": "workers \"4\nlimits {\n    request-body 1M\n}\n",
            "tokens.conf": "tokens {\n    algorithms HS256\n}\n",
            "policies/a.policy": "route a {\n    match GET \"/\n}\n}\n",
            "policies/b.policy": "roles ${env:POSTERN_TEST_IS_NEVER_SET}\n",
        ])
        #expect(
            folder.faults() == [
                "1:1 unknown word `lsten` in the configuration (listen?)",
                "5:7 `30` has no unit; wanted a duration such as 250ms, 30s, 5m, 24h or 30d",
                "8:14 unknown upstream `isuer` (issuer?)",
                "conf.d/10.conf:2:12 `127.0.0.1:1` has no scheme (http://127.0.0.1:1?)",
                "conf.d/20.conf:1:9 a quoted word without its closing `\"`",
                "conf.d/20.conf:3:18 `1M` has an unknown unit; wanted a size such as 512B, 8KB, 1MB"
                    + " or 20GB (1MB?)",
                "tokens.conf:1:1 a `tokens` block needs a line `issuer ISSUER`",
                "tokens.conf:1:1 a `tokens` block needs a line `audience AUDIENCE`",
                "tokens.conf:2:16 `HS256` is symmetric: whoever can verify a token could also make"
                    + " one",
                "policies/a.policy:2:15 a quoted word without its closing `\"`",
                "policies/a.policy:4:1 `}` closes no block",
                "policies/b.policy:1:7 environment variable `POSTERN_TEST_IS_NEVER_SET` is not set",
            ]
        )
    }

    @Test func `an error shows file, line, column, the line itself and a caret`() throws {
        let text = smallConfiguration.replacing("    host acme", with: "\thots acme")
        let folder = try ConfigurationFolder(["postern.conf": text, "p.policy": ""])
        let failure = #expect(throws: ConfigurationFailure.self) { try folder.load() }
        #expect(
            failure?.description.replacing(folder.path, with: "") == """
                postern.conf:9:2: error: unknown word `hots` in a `tenant` block; did you mean `host`?
                \thots acme.example
                \t^

                """
        )
    }

    @Test func `an empty configuration says what to add`() throws {
        let folder = try ConfigurationFolder(["postern.conf": ""])
        #expect(
            folder.faults() == [
                "1:1 the configuration needs a line `listen ADDRESS:PORT {`",
                "1:1 the configuration needs a line `policies PATH`",
                "1:1 the configuration needs a line `upstream NAME {`",
                "1:1 the configuration needs a line `tenant NAME {`",
            ]
        )
    }

    @Test func `a configuration that is not there is one error`() throws {
        let folder = try ConfigurationFolder(["x": ""])
        #expect(
            folder.faults() == ["1:1 cannot read `postern.conf`: No such file or directory"]
        )
        try #expect(ConfigurationFolder(["postern.conf/x": ""]).faults().count == 1)
    }

    @Test func `the policies of a folder are read in the order of their names`() throws {
        let text = smallConfiguration.replacing("p.policy", with: "policies\npolicies one.policy")
        let folder = try ConfigurationFolder([
            "postern.conf": text, "policies/b.policy": "b", "policies/a.policy": "a",
            "policies/readme.md": "\"", "policies/.hidden.policy": "\"", "one.policy": "c",
        ])
        let loaded = try folder.load()
        #expect(loaded.policyFiles.flatMap(\.statements).map(\.keyword.text) == ["a", "b", "c"])
        let last = try #require(loaded.policyFiles.last?.statements.first)
        let diagnostic = Diagnostic("no such thing", at: last.position)
        #expect(
            loaded.render([diagnostic]).replacing(folder.path, with: "")
                == "one.policy:1:1: error: no such thing\nc\n^\n"
        )
    }

    @Test func `a folder name with pattern characters is taken as it is`() throws {
        let text = smallConfiguration.replacing("p.policy", with: "policies\ninclude *.part")
        let folder = try ConfigurationFolder([
            "a [1]*/postern.conf": text, "a [1]*/policies/a.policy": "a",
            "a [1]*/x.part": "workers 3",
        ])
        #expect(try folder.load("a [1]*/postern.conf").configuration.workers == 3)
    }

    @Test func `what a secret file holds is in no message`() throws {
        let secret = "hunter2-{\u{1}"
        for statement in [
            "header X ${file:secret}", "${file:secret} x", "server ${file:secret}",
            "header ${file:secret} x", "connect-timeout ${file:secret}", "host ${file:secret}",
            "header X {${file:secret}}",
        ] {
            let text = smallConfiguration.replacing(
                "    server http://127.0.0.1:8080",
                with: "    server http://127.0.0.1:8080\n    \(statement)"
            )
            let files = ["postern.conf": text, "p.policy": "", "secret": secret]
            let folder = try ConfigurationFolder(files)
            let failure = #expect(throws: ConfigurationFailure.self) { try folder.load() }
            #expect(failure?.description.contains("hunter2") == false, "\(statement)")
            #expect(failure?.description.contains("${file:secret}") == true, "\(statement)")
        }
    }
}
