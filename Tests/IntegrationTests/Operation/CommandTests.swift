import Foundation
import Glibc
import Testing

@Suite("Commands")
struct CommandTests {
    @Test func `version prints the version first`() throws {
        let outcome = try Command.postern(["version"])
        #expect(outcome.status == 0)
        #expect(outcome.lines.first?.contains(/postern \d+\.\d+/) == true)
        #expect(outcome.errors.isEmpty)
    }

    @Test(
        "bad usage ends with 2 and a word on standard error",
        arguments: [
            [], ["nonsense"], ["serve"], ["serve", "--config"], ["serve", "--confg", "x"],
            ["check", "--config", "x", "extra"], ["explain", "--config", "x"], ["diff", "x"],
            ["explain", "--config", "x", "GET", "https://acme.test:port/"],
            ["events", "--config", "x", "--since", "soon"],
            ["events", "--config", "x", "--until", "soon"], ["events", "stats"],
            ["events", "--config", "x", "--journal", "y"], ["events", "verfy", "--config", "x"],
            ["events", "--config", "x", "--format", "xml"], ["token"],
            ["demo", "--port", "many"], ["version", "--loud"],
        ]
    )
    func badUsage(_ arguments: [String]) throws {
        let outcome = try Command.postern(arguments, seconds: 10)
        #expect(outcome.status == 2)
        #expect(!outcome.errors.isEmpty)
        #expect(outcome.output.isEmpty)
    }

    @Test(
        "standard output that takes no more is a failure",
        arguments: [["version"], ["help"], ["check"], ["events"]]
    )
    func fullDisk(_ arguments: [String]) throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        _ = try scene.exchange(Request("GET", "/open/x"))
        var words = arguments
        if ["check", "events"].contains(words[0]) { words += ["--config", scene.configuration] }
        let shell = ["-c", "exec \"$@\" > /dev/full", "bash", Built.postern] + words
        let outcome = try Command.run("bash", shell, seconds: 10)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("No space left on device"), "\(outcome.errors)")
    }

    @Test func `token names a key file that cannot be used, and why`() throws {
        let folder = try TemporaryFolder("key")
        let junk = try folder.write("junk.key", "no key")
        for (file, reason) in [(junk, "no unencrypted private key"), (junk + "x", "No such file")] {
            let outcome = try Command.postern(["token", "--key", file, "--claims", "{}"])
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("`\(file)`"), "\(outcome.errors)")
            #expect(outcome.errors.contains(reason), "\(outcome.errors)")
        }
    }

    @Test func `help is there`() throws {
        for arguments in [["--help"], ["help"], ["-h"]] {
            let outcome = try Command.postern(arguments, seconds: 10)
            let text = outcome.output + outcome.errors
            for word in ["serve", "check", "routes", "diff", "explain", "events", "token", "demo"] {
                #expect(text.contains(word), "\(word) in postern \(arguments)")
            }
        }
    }

    @Test func `routes shows the effective table`() throws {
        let scene = try GatewayScene(
            .with {
                $0.beta?.routes = "route offerDelete {\n    allow role auditor\n}"
            }
        )
        defer { scene.end() }
        let all = try Command.postern(["routes", "--config", scene.configuration])
        #expect(all.status == 0, "\(all.errors)")
        for word in [
            "POST", "DELETE", ScenePolicy.offers + "/{id:uuid}", "/v1/oauth/authorize", "admin",
            "managed-issuer", "OPENID_PRE_AUTHORIZED_OFFER_CREATE", "public",
        ] { #expect(all.output.contains(word), "\(word)") }
        func deletion(_ tenant: String) throws -> String {
            let arguments = ["routes", "--config", scene.configuration, "--tenant", tenant]
            let outcome = try Command.postern(arguments)
            #expect(outcome.status == 0)
            return outcome.lines.first { $0.contains("DELETE") && $0.contains("/offers/") } ?? ""
        }
        #expect(try deletion("acme").contains("issuer"))
        #expect(try deletion("beta").contains("auditor"))
        #expect(try !deletion("beta").contains("managed-issuer"))
        let nobody = try Command.postern(
            ["routes", "--config", scene.configuration, "--tenant", "nobody"]
        )
        #expect(nobody.status != 0)
        #expect(nobody.errors.contains("nobody"))
    }

    @Test func `explain looks at query and body`() throws {
        let scene = try GatewayScene(SchemaPolicy.settings)
        defer { scene.end() }
        let good = try scene.folder.write("good.json", #"{"credentials":["a"]}"#)
        let bad = try scene.folder.write("bad.json", #"{"credentials":[]}"#)
        func explain(_ rest: String...) throws -> Command.Outcome {
            try Command.postern(["explain", "--config", scene.configuration] + rest)
        }
        let offer = "https://acme.test" + SchemaPolicy.offer
        #expect(try explain("POST", offer).output.contains("--body-file"))
        #expect(try explain("--body-file", good, "POST", offer).status == 0)
        let refused = try explain("--body-file", bad, "POST", offer + "?mode=x")
        #expect(refused.status == 1)
        for words in ["mode in the query is x", "credentials in the body", "400 invalid-request"] {
            #expect(refused.output.contains(words), "\(words) in \(refused.output)")
        }
        #expect(try explain("--body-file", "/nowhere", "POST", offer).status == 2)
    }

    @Test func `explain tells every check and the verdict`() throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        let file = try scene.folder.write("token.jwt", try TokenOrder().signed() + "\n")
        func explain(_ rest: [String]) throws -> Command.Outcome {
            try Command.postern(["explain", "--config", scene.configuration] + rest)
        }
        let good = try explain(
            ["--token-file", file, "POST", "https://acme.test\(ScenePolicy.offers)"]
        )
        #expect(good.status == 0, "\(good.errors)")
        for word in ["acme", "offerCreate", "admin", "allow"] {
            #expect(
                good.output.lowercased().contains(word.lowercased()),
                "\(word) in \(good.output)"
            )
        }
        let claims = JSON.object(try TokenOrder(roles: ["auditor"]).claims).text
        let forbidden = try explain(
            ["--claims", claims, "POST", "https://acme.test\(ScenePolicy.offers)"]
        )
        #expect(forbidden.output.contains("role-missing"), "\(forbidden.output)")
        #expect(forbidden.output.contains("403"))
        let elsewhere = try explain(
            ["--token-file", file, "POST", "https://beta.test\(ScenePolicy.offers)"]
        )
        #expect(elsewhere.output.contains("token-audience"), "\(elsewhere.output)")
        #expect(elsewhere.output.contains("https://beta.test"))
        let unnamed = try explain(["GET", "https://acme.test/unnamed"])
        #expect(unnamed.output.contains("route-not-found"))
        let crooked = try explain(["GET", "https://acme.test/open//x"])
        #expect(crooked.output.contains("path-not-canonical"))
        let nobody = try explain(["GET", "https://nobody.test/open/x"])
        #expect(nobody.output.contains("421"))
        for outcome in [good, elsewhere] {
            let signature = try String(contentsOfFile: file, encoding: .utf8).split(separator: ".")[
                2
            ]
            #expect(!outcome.output.contains(signature))
        }
    }

    @Test func `explain agrees with what a request gets`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let orders: [TokenOrder] = [
            try TokenOrder(), try TokenOrder(roles: ["auditor"]),
            try TokenOrder().with(time: "exp", -100).with(time: "iat", -500),
            try TokenOrder().with(claim: "iss", "https://other.test/"),
            try TokenOrder().with(header: "kid", "nobody"),
        ]
        for order in orders {
            let token = try order.signed()
            let file = try scene.folder.write("token.jwt", token)
            let response = try scene.exchange(Request("GET", "/guarded/x").bearing(token))
            let outcome = try Command.postern(
                ["explain", "--config", scene.configuration, "--token-file", file]
                    + ["GET", "https://acme.test/guarded/x"]
            )
            if let code = response.code {
                #expect(outcome.output.contains(code), "\(code) in \(outcome.output)")
            } else {
                #expect(outcome.status == 0)
            }
        }
    }

    @Test("a minted token is accepted", arguments: ["ES256", "RS256", "EdDSA"])
    func token(_ algorithm: String) throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let key = try IdentityProvider.shared().key(for: algorithm)
        let file = try scene.folder.write("idp.key", try key.privatePEM())
        let claims: JSON = [
            "iss": "https://idp.test/", "aud": "https://acme.test", "sub": "s", "roles": ["admin"],
        ]
        let header: JSON = ["kid": .string(key.identifier), "typ": "at+jwt"]
        let outcome = try Command.postern(
            ["token", "--key", file, "--claims", claims.text, "--header", header.text]
                + ["--ttl", "5m"]
        )
        #expect(outcome.status == 0, "\(outcome.errors)")
        let token = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(token.split(separator: ".").count == 3)
        let response = try scene.exchange(Request("GET", "/guarded/x").bearing(token))
        #expect(response.status == 200, "\(response.text)")
    }

    @Test func `events filters by tenant, type, request and time`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        _ = try scene.exchange(Request("GET", "/open/x"))
        _ = try scene.exchange(Request("GET", "/open/x", host: "beta.test"))
        let third = try scene.exchange(Request("GET", "/v1/oauth/authorize"))["X-Request-Id"] ?? ""
        _ = try scene.events { $0.count >= 6 }
        #expect(try scene.events(["--tenant", "beta"]).map(\.tenantId) == ["beta", "beta"])
        #expect(try scene.events(["--type", "OPENID_AUTHORIZE_START"]).count == 1)
        #expect(try scene.events(["--request", third]).count == 2)
        #expect(try scene.events(["--since", "1h"]).count == 6)
        #expect(try scene.events(["--request", "nobody"]).isEmpty)
        #expect(try scene.events(["--type", "OPENID_AUTHORIZE_START", "--tenant", "beta"]).isEmpty)
    }

    @Test func `events filters by client and the end of a time, and shows a table`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let token = try TokenOrder(roles: ["admin"]).with(claim: "client_id", "backend-7").signed()
        _ = try scene.exchange(Request("GET", "/guarded/x").bearing(token))
        _ = try scene.exchange(Request("GET", "/open/x"))
        _ = try scene.events { $0.count >= 4 }
        #expect(try scene.events(["--client", "backend-7"]).count == 2)
        #expect(try scene.events(["--client", "backend"]).isEmpty)
        #expect(try scene.events(["--until", "1h"]).isEmpty)
        #expect(try scene.events(["--until", "2099-01-01"]).count == 4)
        #expect(try scene.events(["--since", "2001-01-01T00:00:00Z"]).count == 4)
        let table = try Command.postern(
            ["events", "--config", scene.configuration, "--format", "table"]
        )
        #expect(table.status == 0)
        #expect(table.lines.count == 5)
        #expect(table.lines.first?.hasPrefix("TIME") == true)
        #expect(table.lines.contains { $0.contains("TEST_GUARDED_SUCCESS") && $0.contains("200") })
    }

    @Test func `events verify, export and stats read what the gateway wrote`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        for _ in 0..<3 { _ = try scene.exchange(Request("GET", "/open/x")) }
        let token = try TokenOrder(roles: ["auditor"]).signed()
        _ = try scene.exchange(Request("GET", "/guarded/x").bearing(token))
        _ = try scene.events { $0.count >= 8 }
        let options = ["--config", scene.configuration]
        let stats = try Command.postern(["events", "stats"] + options)
        #expect(stats.status == 0, "\(stats.errors)")
        let open = stats.lines.first { $0.contains(" open ") }?.split(separator: " ") ?? []
        #expect(open.prefix(6) == ["acme", "open", "3", "3", "0", "0"], "\(stats.output)")
        #expect(stats.lines.contains { $0.contains("role-missing") && $0.hasSuffix(" 1") })

        let target = scene.folder.path(of: "export.csv")
        let export = try Command.postern(
            ["events", "export", "--format", "csv", "--output", target] + options
        )
        #expect(export.status == 0, "\(export.errors)")
        let rows = try String(contentsOfFile: target, encoding: .utf8).split(separator: "\r\n")
        #expect(rows.count == 9)
        #expect(rows.first?.hasPrefix("id,timestamp,type,category,tenantId") == true)
        let lines = try Command.postern(["events", "export"] + options).lines
        #expect(lines.count == 8)
        for line in lines { #expect((try? JSON(parsing: Array(line.utf8))) != nil) }

        #expect(try Command.postern(["events", "verify"] + options).status == 0)
        _ = scene.terminate()
        let verified = try Command.postern(["events", "verify"] + options)
        #expect(verified.status == 0, "\(verified.output)")
        let journal = scene.folder.path(of: "events")
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: journal).sorted()
                .first { $0.hasPrefix("segment-") && $0.hasSuffix(".jsonl") }
        )
        let path = journal + "/" + name
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let changed = text.replacingOccurrences(of: "TEST_OPEN_START", with: "TEST_OPEN_STOPS")
        try changed.write(toFile: path, atomically: false, encoding: .utf8)
        let altered = try Command.postern(["events", "verify", "--journal", journal])
        #expect(altered.status == 1)
        #expect(altered.output.contains(name), "\(altered.output)")
    }

    @Test func `events --follow prints what happens as it happens`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        _ = try scene.exchange(Request("GET", "/open/before"))
        let follower = try ChildProcess(
            Built.postern,
            ["events", "--config", scene.configuration, "--follow", "--tenant", "acme"]
        )
        defer { follower.end() }
        let deadline = Deadline(seconds: 10)
        var isSeen = false
        while !isSeen, !deadline.hasPassed {
            let identifier = try scene.exchange(Request("GET", "/open/x"))["X-Request-Id"] ?? "none"
            isSeen = follower.waitForOutput(identifier, seconds: 1)
        }
        #expect(isSeen)
        _ = try scene.exchange(Request("GET", "/open/x", host: "beta.test"))
        let last = try scene.exchange(Request("GET", "/open/x"))["X-Request-Id"] ?? "none"
        #expect(follower.waitForOutput(last, seconds: 5))
        #expect(!follower.outputText.contains("\"beta\""))
        for line in follower.outputText.split(separator: "\n") {
            #expect((try? JSON(parsing: Array(line.utf8))) != nil, "\(line)")
        }
        #expect(follower.isRunning)
        follower.signal(SIGINT)
        #expect(follower.waitForEnd(seconds: 5) != nil)
    }
}
