import Foundation
import Testing

@Suite("What postern check warns of")
struct LintTests {
    private static let policy = """
        roles admin issuer unheard
        route first {
            match GET /first
            allow role admin issuer
            allow role admin
        }
        route second {
            match GET /second
            public
        }
        test "first" GET /first role admin expect allow

        """

    private static let warnings = [
        "1:20: warning: role `unheard` is declared, and no line asks for it",
        "5:5: warning: this `allow` line changes nothing in route `first`: "
            + "the one on line 4 holds whenever it does",
        "7:7: warning: no test covers route `second`",
    ]

    @Test func `doubtful lines are warned of with their places, and the check passes`() throws {
        let scene = try GatewayScene(.with { $0.policy = Self.policy })
        defer { scene.end() }
        let outcome = try Command.postern(["check", "--config", scene.configuration])
        #expect(outcome.status == 0)
        let file = scene.folder.path(of: "policies/scene.policy")
        let lines = outcome.errors.split(separator: "\n").map(String.init)
        #expect(lines == Self.warnings.map { "\(file):\($0)" })
        #expect(outcome.output.contains("public    second: GET /second, \(file):7\n"))
    }

    @Test func `roles that no tenant gives are among them`() throws {
        var settings = SceneSettings()
        settings.policy = Self.policy
        settings.acme.tokens.append("role admin from boss")
        settings.beta?.tokens.append("role admin from chief")
        let scene = try GatewayScene(settings)
        defer { scene.end() }
        let outcome = try Command.postern(["check", "--config", scene.configuration])
        let words = ":4:5: warning: no `role ... from` line gives role `issuer`"
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        #expect(!outcome.errors.contains("gives role `admin`"))
    }

    @Test func `a start and a reload say nothing of it`() throws {
        let scene = try GatewayScene.serving(.with { $0.policy = Self.policy })
        defer { scene.end() }
        let answer = try scene.admin("POST", "/reload")
        #expect(answer.status == 200)
        #expect(answer.text.contains("\"warnings\":[]"), "\(answer.text)")
        #expect(!scene.complaints.contains("warning"), "\(scene.complaints)")
    }
}
