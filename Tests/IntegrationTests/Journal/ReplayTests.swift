import Foundation
import Testing

@Suite("postern replay")
struct ReplayTests {
    /// Calls of every kind, under the standard policy.
    private func makeCalls(_ scene: GatewayScene) throws {
        func call(_ method: String, _ path: String, _ roles: [JSON], client: String) throws {
            let token = try TokenOrder(roles: roles).with(claim: "azp", .string(client)).signed()
            _ = try scene.exchange(Request(method, path).bearing(token))
        }
        for client in ["desk", "shop", "shop"] {
            try call("DELETE", ScenePolicy.offer, ["issuer", "offline_access"], client: client)
        }
        try call("DELETE", ScenePolicy.offer, ["admin"], client: "desk")
        try call("DELETE", ScenePolicy.offer, ["auditor"], client: "desk")
        try call("GET", "/guarded/s3cret-of-the-path", ["admin"], client: "desk")
        _ = try scene.exchange(Request("GET", "/open/s3cret-of-the-path"))
        _ = try scene.exchange(Request("GET", "/unnamed/s3cret-of-the-path"))
        _ = try scene.exchange(Request("DELETE", ScenePolicy.offer))
        let events = try scene.events { $0.count { $0.isOutcome } == 7 }
        #expect(events.count == 16, "\(events)")
    }

    private func replay(
        _ scene: GatewayScene,
        _ arguments: [String] = [],
        _ change: (inout SceneSettings) -> Void
    ) throws -> Command.Outcome {
        let new = try GatewayScene()
        defer { new.end() }
        try new.rewrite(change)
        return try Command.postern(
            ["replay", "--config", new.configuration, "--journal", scene.folder.path(of: "events")]
                + arguments
        )
    }

    private func rows(_ outcome: Command.Outcome) -> [String] {
        outcome.lines.map { $0.split(separator: " ").joined(separator: " ") }
            // The last word of a row is an example's identifier.
            .map {
                $0.hasPrefix("acme ")
                    ? $0.split(separator: " ").dropLast().joined(separator: " ") : $0
            }
    }

    @Test func `recorded calls are decided again under another policy`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        try makeCalls(scene)

        let same = try replay(scene, ["--since", "24h"]) { _ in }
        #expect(same.status == 0, "\(same.errors)")
        let sums = "calls read: 7, unchanged: 7, changed: 0, unknown: 0, without an outcome: 0"
        let refused = "refused before their START, not decided again: 2"
        #expect(same.lines == [sums, refused])

        let closer = try replay(scene) { settings in
            settings.policy = settings.policy.replacingOccurrences(
                of:
                    "match DELETE /v1/openid/offers/pre-authorized/{id:uuid}\n    allow role admin issuer managed-issuer",
                with:
                    "match DELETE /v1/openid/offers/pre-authorized/{id}\n    allow role admin auditor"
            ).replacingOccurrences(
                of: "allow role admin issuer\n    event TEST_GUARDED",
                with: "allow role admin and claim department equals x\n    event TEST_GUARDED"
            ).replacingOccurrences(
                of: "match * /open/{rest...}",
                with: "match POST /open/{rest...}"
            )
        }
        #expect(closer.status == 1, "\(closer.errors)")
        #expect(
            rows(closer) == [
                "TENANT ROUTE FROM TO CALLS CALLERS EXAMPLE",
                "acme offerDelete allow role-missing 3 2",
                "acme offerDelete role-missing allow 1 1", "acme open allow method-not-allowed 1 0",
                "TENANT ROUTE UNKNOWN BECAUSE CALLS CALLERS EXAMPLE",
                "acme guarded not recorded: claim department equals x 1 1",
                "calls read: 7, unchanged: 1, changed: 5, unknown: 1, without an outcome: 0",
                refused,
            ]
        )
        let example = try #require(
            closer.lines.first { $0.contains("allow ") }?.split(separator: " ").last
        )
        #expect(try !scene.events(ofRequest: String(example)).isEmpty)

        let gone = try replay(scene, ["--format", "json"]) { $0.acme.name = "other" }
        #expect(gone.status == 1)
        let objects = try gone.lines.map { try JSON(parsing: Array($0.utf8)) }
        #expect(objects.dropLast().allSatisfy { $0["to"]?.string == "tenant-unknown" })
        #expect(objects.last?["totals"]?["changed"]?.number == 7)

        let none = try replay(scene, ["--since", "24h", "--until", "1h"]) { _ in }
        #expect(none.lines.first?.hasPrefix("calls read: 0,") == true, "\(none.output)")
        let beta = try replay(scene, ["--tenant", "beta"]) { _ in }
        #expect(
            beta.lines == [
                "calls read: 0, unchanged: 0, changed: 0, unknown: 0, without an outcome: 0"
            ]
        )
        let misspelt = try replay(scene, ["--tenant", "bta"]) { _ in }
        #expect(misspelt.status == 2)
        #expect(misspelt.errors.contains("perhaps `beta`"), "\(misspelt.errors)")
    }

    @Test func `events tell the template and the roles, never the path or a claim`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        try makeCalls(scene)
        let starts = try scene.events().filter(\.isStart)
        let deletion = starts.first { $0.data?["route"]?.string == "offerDelete" }
        #expect(
            deletion?.data?["path"]?.string == "/v1/openid/offers/pre-authorized/{id:uuid}",
            "\(starts)"
        )
        #expect(
            deletion?.data?["caller"]?["roles"]?.array?.compactMap(\.string) == [
                "issuer", "offline_access",
            ]
        )
        #expect(deletion?.data?["caller"]?["withoutScope"]?.string == "reports")
        let open = starts.first { $0.data?["route"]?.string == "open" }
        #expect(open?.data?["path"]?.string == "/open/{rest...}")
        #expect(open?.data?["caller"] == nil)
        for (file, contents) in try scene.folder.contents(below: "events") {
            let text = String(decoding: contents, as: UTF8.self)
            #expect(!text.contains("s3cret"), "in \(file)")
            #expect(!text.contains("8241400f"), "in \(file)")
            #expect(!text.contains("subject-1"), "in \(file)")
        }
    }

    @Test func `a journal of level 1 is said to be too little`() throws {
        let scene = try GatewayScene.serving(.with { $0.analytics = ["level 1"] })
        defer { scene.end() }
        _ = try scene.exchange(Request("GET", "/open/x"))
        _ = try scene.events { $0.contains(where: \.isOutcome) }
        let outcome = try replay(scene) { _ in }
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("recorded without data (level 1)"), "\(outcome.output)")
        #expect(outcome.output.contains("calls read: 1, unchanged: 0, changed: 0, unknown: 1,"))
    }

    @Test(
        "what cannot be run is refused with 2",
        arguments: [
            ["--since", "yesterday"], ["--format", "xml"], ["--journal", "/nowhere/events"],
            ["--config", "/nowhere/postern.conf"], ["--unknown"],
        ]
    )
    func usage(_ arguments: [String]) throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        let config = arguments.contains("--config") ? [] : ["--config", scene.configuration]
        let outcome = try Command.postern(["replay"] + config + arguments)
        #expect(outcome.status == 2, "\(outcome.output)")
        #expect(!outcome.errors.isEmpty)
        #expect(outcome.output.isEmpty)
    }
}
