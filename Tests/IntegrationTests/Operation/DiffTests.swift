import Foundation
import Testing

@Suite("postern diff")
struct DiffTests {
    /// The scene's configuration beside one that a change was made to.
    private func diff(_ change: (inout SceneSettings) -> Void) throws -> Command.Outcome {
        let old = try GatewayScene()
        defer { old.end() }
        let new = try GatewayScene()
        defer { new.end() }
        try new.rewrite(change)
        // Certificates and keys are no matter of who may call what.
        try new.folder.remove("keys.json")
        return try Command.postern(["diff", old.configuration, new.configuration])
    }

    @Test func `two configurations that answer the same differ in nothing`() throws {
        let outcome = try diff { settings in
            settings.policy = settings.policy.replacingOccurrences(
                of: "allow role admin issuer managed-issuer",
                with: "allow role managed-issuer admin\n    allow role issuer"
            )
        }
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }

    @Test func `every tenant, route and role whose answer changes is a line`() throws {
        let outcome = try diff { settings in
            settings.policy = settings.policy.replacingOccurrences(
                of: "allow role admin auditor",
                with: "allow role admin"
            )
            settings.beta?.routes = "read-only\nroute analytics {\n    allow any\n}"
        }
        #expect(outcome.status == 1, "\(outcome.errors)")
        let lines = outcome.lines.map { line in
            line.split(separator: " ").joined(separator: " ")
        }
        #expect(
            lines == [
                "TENANT ROUTE WHO OLD NEW", "beta * * active read-only",
                "acme analytics role auditor allow 403 role-missing",
                "beta analytics any token 403 role-missing allow",
                "beta analytics role issuer 403 role-missing allow",
                "beta analytics role managed-issuer 403 role-missing allow",
            ]
        )
    }

    @Test func `tenants that come and go are lines too`() throws {
        let outcome = try diff { $0.beta?.name = "gamma" }
        #expect(outcome.status == 1)
        #expect(outcome.output.contains(/gamma +\* +\* +no tenant +active/), "\(outcome.output)")
        #expect(outcome.output.contains(/beta +\* +\* +active +no tenant/), "\(outcome.output)")
    }

    @Test func `a side that cannot be read is said so, with 2`() throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        let outcome = try Command.postern(["diff", scene.configuration, "/nowhere/postern.conf"])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("/nowhere/postern.conf"))
        #expect(outcome.output.isEmpty)
    }
}
