import Foundation
import Testing

@Suite("A shadow policy")
struct ShadowTests {
    /// The standard policy with changes, beside it.
    private static let next =
        ScenePolicy.standard
        .replacingOccurrences(
            of: "allow role admin issuer\n    event TEST_GUARDED",
            with: "allow role admin\n    deny claim department equals x\n    event TEST_GUARDED"
        )
        .replacingOccurrences(of: "match GET /.well-known", with: "match POST /.well-known")
        .replacingOccurrences(
            of: "match GET /oauth/open/{rest...}\n    public",
            with: "match GET /oauth/open/{rest...}\n    allow role admin"
        )
        .replacingOccurrences(of: "allow role admin\n    event TEST_OAUTH\n", with: "public\n")
        + "route fresh {\n    match GET /fresh\n    public\n}\n"

    private func scene(_ change: (inout SceneSettings) -> Void = { _ in }) throws -> GatewayScene {
        var settings = SceneSettings()
        settings.topLevel.append("shadow policies-next")
        change(&settings)
        let scene = try GatewayScene(settings)
        try scene.folder.write("policies-next/next.policy", Self.next)
        return scene
    }

    struct Example: Sendable, CustomStringConvertible {
        let description: String
        let status: Int

        /// What the events say of the other policy; `nil` when they say nothing.
        let shadow: String?
        let route: String
        let enforced: String
        let make: @Sendable () throws -> Request
    }

    private static func example(
        _ description: String,
        _ status: Int,
        _ shadow: String?,
        _ route: String,
        _ enforced: String,
        _ make: @escaping @Sendable () throws -> Request
    ) -> Example {
        Example(
            description: description,
            status: status,
            shadow: shadow,
            route: route,
            enforced: enforced,
            make: make
        )
    }

    static let examples: [Example] = [
        example("allowed by both", 200, nil, "guarded", "allow") {
            Request("GET", "/guarded/x").bearing(try TokenOrder().signed())
        },
        example("refused by both", 403, nil, "guarded", "role-missing") {
            Request("GET", "/guarded/x").bearing(try TokenOrder(roles: ["auditor"]).signed())
        },
        example("a role that is not enough", 200, "role-missing", "guarded", "allow") {
            Request("GET", "/guarded/x").bearing(try TokenOrder(roles: ["issuer"]).signed())
        },
        example("a claim that only the other asks for", 200, "denied", "guarded", "allow") {
            Request("GET", "/guarded/x").bearing(
                try TokenOrder().with(claim: "department", "x").signed()
            )
        },
        example("a bad token", 401, nil, "guarded", "token-malformed") {
            Request("GET", "/guarded/x").bearing("nonsense")
        },
        example("a method", 200, "method-not-allowed", "metadata", "allow") {
            Request("GET", "/.well-known/openid-credential-issuer")
        },
        example("another method", 405, "allow", "metadata", "method-not-allowed") {
            Request("POST", "/.well-known/openid-credential-issuer").with("Content-Length", "0")
        },
        example("a path", 404, "allow", "fresh", "route-not-found") { Request("GET", "/fresh") },
        example("no path at all", 404, nil, "", "route-not-found") { Request("GET", "/nowhere") },
        example("a token that nobody looked at", 200, "unknown-caller", "openOAuth", "allow") {
            Request("GET", "/oauth/open/x").bearing("whatever")
        },
        example("no token", 200, "credentials-missing", "openOAuth", "allow") {
            Request("GET", "/oauth/open/x")
        },
        example("no token needed", 401, "allow", "guardedOAuth", "credentials-missing") {
            Request("GET", "/oauth/guarded")
        },
    ]

    @Test func `differences are in events and metrics, and answers stay`() throws {
        let scene = try scene()
        defer { scene.end() }
        try scene.start()
        let conversation = try scene.connect()
        defer { conversation.close() }
        for example in Self.examples {
            let answer = try conversation.exchange(example.make())
            #expect(answer.status == example.status, "\(example)")
            guard example.shadow != nil || example.route == "guarded" else { continue }
            let identifier = answer["X-Request-Id"] ?? "none"
            guard example.route != "metadata" || example.status != 200 else { continue }
            let events = try scene.events(ofRequest: identifier)
            let last = events.first { !$0.isStart }
            #expect(last?.data?["shadow"]?.string == example.shadow, "\(example): \(events)")
            #expect(events.filter(\.isStart).allSatisfy { $0.data?["shadow"] == nil })
        }
        let differing = Self.examples.filter { $0.shadow != nil }
        let decisions = "postern_shadow_decisions_total{tenant=\"acme\",result="
        let page = try scene.admin("GET", "/metrics").text
        let same = Self.examples.count - differing.count
        #expect(page.contains("\(decisions)\"same\"} \(same)"), "\(page)")
        #expect(page.contains("\(decisions)\"different\"} \(differing.count)"), "\(page)")
        for example in differing {
            let labels =
                "tenant=\"acme\",route=\"\(example.route)\",enforced=\"\(example.enforced)\","
                + "shadow=\"\(example.shadow ?? "")\""
            #expect(page.contains("postern_shadow_differences_total{\(labels)} 1"), "\(page)")
        }
    }

    @Test func `a reload puts one beside, changes it and takes it away`() throws {
        let scene = try scene { $0.topLevel.removeLast() }
        defer { scene.end() }
        try scene.start()
        let conversation = try scene.connect()
        defer { conversation.close() }
        let request = Request("GET", "/guarded/x").bearing(
            try TokenOrder(roles: ["issuer"]).signed()
        )
        func differences() throws -> Double {
            try scene.metric("postern_shadow_differences_total") ?? 0
        }
        func ask(lines: [String], _ wanted: Double) throws {
            try scene.rewrite { $0.topLevel = lines }
            #expect(try scene.admin("POST", "/reload").status == 200)
            #expect(try conversation.exchange(request).status == 200)
            #expect(try differences() == wanted)
        }
        #expect(try conversation.exchange(request).status == 200)
        #expect(try scene.admin("GET", "/metrics").text.contains("postern_shadow") == false)
        let first = scene.settings.value.topLevel
        try ask(lines: first + ["shadow policies-next"], 1)
        try ask(lines: first + ["shadow policies-next"], 2)
        try scene.folder.write("policies-next/next.policy", ScenePolicy.standard)
        try ask(lines: first + ["shadow policies-next"], 2)
        try ask(lines: first, 0)
        try scene.folder.write("policies-next/next.policy", "route x {\n")
        try scene.rewrite { $0.topLevel = first + ["shadow policies-next"] }
        let refused = try scene.admin("POST", "/reload")
        #expect(refused.status == 422)
        #expect(refused.text.contains("next.policy"), "\(refused.text)")
        #expect(try conversation.exchange(request).status == 200)
    }

    @Test func `check reads it, runs its tests and says what it leaves out`() throws {
        let scene = try scene { settings in
            settings.acme.routes = "route onlyHere {\n    deny any\n}"
            settings.policy += "route onlyHere {\n    match GET /only-here\n    allow any\n}\n"
        }
        defer { scene.end() }
        let good = try Command.postern(["check", "--config", scene.configuration])
        #expect(good.status == 0, "\(good.errors)")
        #expect(good.output.contains(/shadow +\d+ routes, 2 tests passed, never enforced/))
        #expect(
            good.output.contains(
                "has no route onlyHere: the lines of tenant acme for it are left out"
            )
        )
        let test = "test \"fails\" GET /fresh expect 403\n"
        try scene.folder.write("policies-next/next.policy", Self.next + test)
        let failing = try Command.postern(["check", "--config", scene.configuration])
        #expect(failing.status == 1)
        #expect(failing.errors.contains("next.policy"), "\(failing.errors)")
        try scene.folder.write("policies-next/next.policy", "route x {\n    publik\n}\n")
        let wrong = try Command.postern(["check", "--config", scene.configuration])
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("did you mean `public`"), "\(wrong.errors)")
    }

    @Test(
        "explain says what it answers",
        arguments: [
            (["GET", "https://acme.test/fresh"], "shadow: allow, by route fresh"),
            (["GET", "https://acme.test/nowhere"], "shadow: route-not-found"),
            (
                ["GET", "https://acme.test/guarded/x"],
                "shadow: credentials-missing, by route guarded"
            ),
            (
                ["--claims", #"{"roles":["issuer"]}"#, "GET", "https://acme.test/guarded/x"],
                "shadow: role-missing, by route guarded"
            ),
            (
                ["--claims", #"{"roles":["admin"]}"#, "GET", "https://acme.test/guarded/x"],
                "shadow: allow, by route guarded"
            ),
        ]
    )
    func explain(_ arguments: [String], _ line: String) throws {
        let scene = try scene()
        defer { scene.end() }
        let outcome = try Command.postern(
            ["explain", "--config", scene.configuration] + arguments
        )
        #expect(outcome.lines.contains(line), "\(outcome.output)")
    }
}
