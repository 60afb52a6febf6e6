import Foundation
import Glibc
import Testing

@Suite("Tenants in files of their own")
struct TenantFileTests {
    /// A scene with acme in the main file, and `east`, `north` and `south` in files of their own.
    static func scene() throws -> GatewayScene {
        var settings = SceneSettings()
        settings.beta = nil
        settings.extra = "include tenants/*.conf\n"
        let scene = try GatewayScene(settings)
        for name in ["east", "north", "south"] { try write(name, to: scene) }
        return scene
    }

    static func write(
        _ name: String,
        to scene: GatewayScene,
        _ change: (inout TenantSettings) -> Void = { _ in }
    ) throws {
        var tenant = TenantSettings(name: name)
        // A path is relative to the file that names it.
        tenant.tokens[2] = "keys file:../keys.json"
        change(&tenant)
        try scene.folder.write("tenants/\(name).conf", tenant.text)
    }

    static func status(_ scene: GatewayScene, _ host: String) throws -> Int {
        try scene.exchange(Request("GET", "/open/x", host: host)).status
    }

    static let mistakes: [(String, @Sendable (GatewayScene) throws -> Void)] = [
        ("a broken block", { _ = try $0.folder.write("tenants/north.conf", "tenant north {\n") }),
        ("no configuration", { _ = try $0.folder.write("tenants/north.conf", "{{ \u{1}\n") }),
        ("an unknown word", { try write("north", to: $0) { $0.routes = "routs x {\n}" } }),
        ("an unknown upstream", { try write("north", to: $0) { $0.routes = "upstream no" } }),
        (
            "an unknown role",
            {
                try write("north", to: $0) { tenant in
                    tenant.routes = "route guarded {\nallow role nobody\n}"
                }
            }
        ),
        ("another's host", { try write("north", to: $0) { $0.hosts.append("east.test") } }),
        ("the host of a main tenant", { try write("north", to: $0) { $0.hosts = ["acme.test"] } }),
        (
            "keys that are not there",
            { try write("north", to: $0) { $0.tokens[2] = "keys file:no" } }
        ),
        ("a secret that is gone", { try write("north", to: $0) { $0.hosts = ["${file:gone}"] } }),
    ]

    @Test(
        "a file that is wrong keeps its old form at a reload, and all else changes",
        arguments: mistakes.indices
    )
    func keepsOldForm(_ index: Int) throws {
        let scene = try Self.scene()
        defer { scene.end() }
        try scene.start()
        let token = try TokenOrder(audience: "https://north.test").signed()
        let guarded = Request("GET", "/guarded/x", host: "north.test").bearing(token)
        #expect(try scene.exchange(guarded).status == 200)
        try Self.mistakes[index].1(scene)
        try Self.write("south", to: scene) { $0.hosts.append("southern.test") }
        try Self.write("west", to: scene)
        try scene.rewrite { $0.acme.hosts.append("newly.test") }

        let answer = try scene.admin("POST", "/reload")
        #expect(answer.status == 422, "\(answer.text)")
        #expect(answer.text.contains(#""status":"partial""#), "\(answer.text)")
        #expect(answer.text.contains(#"tenants/north.conf","keepsOldForm":true"#), "\(answer.text)")
        #expect(scene.gateway?.waitForErrors("tenants/north.conf:", seconds: 5) == true)
        #expect(scene.gateway?.waitForErrors("keeps its old form", seconds: 5) == true)
        #expect(try scene.metric("postern_reload_failures_total") == 1)
        #expect(try scene.metric("postern_tenant_files_refused") == 1)
        #expect(try scene.metric("postern_tenants_in_old_form") == 1)
        #expect(try scene.admin("GET", "/readyz").text.contains("in an old form"))

        #expect(try scene.exchange(guarded).status == 200)
        for host in ["north.test", "southern.test", "west.test", "newly.test", "acme.test"] {
            #expect(try Self.status(scene, host) == 200, "\(host)")
        }

        try Self.write("north", to: scene) { $0.hosts.append("northern.test") }
        #expect(try scene.admin("POST", "/reload").status == 200)
        #expect(try Self.status(scene, "northern.test") == 200)
        #expect(try scene.metric("postern_tenants_in_old_form") == 0)
    }

    @Test func `a file that has failed before keeps the last form that was good`() throws {
        let scene = try Self.scene()
        defer { scene.end() }
        try scene.start()
        try scene.folder.write("tenants/north.conf", "tenant north {\n")
        for _ in 0..<3 { #expect(try scene.admin("POST", "/reload").status == 422) }
        #expect(try Self.status(scene, "north.test") == 200)
    }

    @Test func `a tenant that moves into a file that is wrong is not lost`() throws {
        let scene = try Self.scene()
        defer { scene.end() }
        try scene.start()
        try scene.folder.remove("tenants/north.conf")
        let moved = "tenant north {\nhost north.test\nupstream nowhere\n}\n"
        try scene.folder.write("tenants/northern.conf", moved)
        let answer = try scene.admin("POST", "/reload")
        #expect(answer.status == 422)
        #expect(answer.text.contains(#""status":"refused""#), "\(answer.text)")
        #expect(answer.text.contains("tenants/northern.conf:3:10: error:"), "\(answer.text)")
        #expect(answer.text.contains("tenant `north` is served"), "\(answer.text)")
        #expect(try Self.status(scene, "north.test") == 200)

        try Self.write("north", to: scene)
        try scene.folder.remove("tenants/northern.conf")
        #expect(try scene.admin("POST", "/reload").status == 200)
        #expect(try Self.status(scene, "north.test") == 200)
    }

    @Test func `a new file that is wrong is left out, and one that is removed is gone`() throws {
        let scene = try Self.scene()
        defer { scene.end() }
        try scene.start()
        try Self.write("west", to: scene) { $0.routes = "upstream nowhere" }
        try scene.folder.remove("tenants/south.conf")
        let answer = try scene.admin("POST", "/reload")
        #expect(answer.status == 422)
        #expect(answer.text.contains(#"tenants/west.conf","keepsOldForm":false"#), "\(answer.text)")
        #expect(
            scene.gateway?.waitForErrors("west.conf` is refused and left out", seconds: 5) == true
        )
        #expect(try Self.status(scene, "west.test") == 421)
        #expect(try Self.status(scene, "south.test") == 421)
        #expect(try Self.status(scene, "north.test") == 200)
    }

    @Test func `a test of the policy that a tenant's new lines fail refuses its file`() throws {
        let scene = try Self.scene()
        defer { scene.end() }
        try scene.rewrite {
            $0.policy +=
                "\ntest \"north\" GET /guarded/x tenant north role issuer expect allow\n"
        }
        try scene.start()
        try Self.write("north", to: scene) {
            $0.routes = "route guarded {\ndeny any\n}"
        }
        let answer = try scene.admin("POST", "/reload")
        #expect(answer.status == 422)
        #expect(answer.text.contains(#"tenants/north.conf","keepsOldForm":true"#), "\(answer.text)")
        let token = try TokenOrder(audience: "https://north.test").signed()
        let guarded = Request("GET", "/guarded/x", host: "north.test").bearing(token)
        #expect(try scene.exchange(guarded).status == 200)
    }

    @Test func `what is wrong in the main file refuses the whole`() throws {
        let scene = try Self.scene()
        defer { scene.end() }
        try scene.start()
        try scene.folder.write("tenants/north.conf", "tenant north {\n")
        try Self.write("south", to: scene) { $0.hosts.append("southern.test") }
        try scene.rewrite { $0.topLevel.append("wrokers 3") }
        let answer = try scene.admin("POST", "/reload")
        #expect(answer.status == 422)
        #expect(answer.text.contains(#""status":"refused""#), "\(answer.text)")
        #expect(answer.text.contains("north.conf"), "\(answer.text)")
        #expect(try Self.status(scene, "southern.test") == 421)
    }

    @Test func `a change that an old form does not fit refuses the whole and says so`() throws {
        let scene = try Self.scene()
        defer { scene.end() }
        try scene.rewrite {
            $0.policy += "\nroute extra {\n    match GET /extra\n    allow role admin\n}\n"
        }
        try Self.write("north", to: scene) { $0.routes = "route extra {\ndeny any\n}" }
        try scene.start()
        try scene.folder.write("tenants/north.conf", "tenant north {\n")
        try scene.rewrite { $0.policy = ScenePolicy.standard }
        let answer = try scene.admin("POST", "/reload")
        #expect(answer.text.contains(#""status":"refused""#), "\(answer.text)")
        #expect(answer.text.contains("in the form it had before does not fit"), "\(answer.text)")
        #expect(try Self.status(scene, "north.test") == 200)
    }

    @Test func `at a start a wrong file stops check and serve, and serve --lenient leaves it out`()
        throws
    {
        let scene = try Self.scene()
        defer { scene.end() }
        try Self.write("north", to: scene) { $0.routes = "upstream nowhere" }
        try Self.write("south", to: scene) { $0.hosts = ["no host"] }
        for command in ["check", "serve"] {
            let outcome = try Command.postern([command, "--config", scene.configuration])
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("north.conf:"), "\(outcome.errors)")
            #expect(outcome.errors.contains("south.conf:"), "\(outcome.errors)")
        }
        try Self.write("south", to: scene)
        try scene.start(["--lenient"])
        #expect(scene.complaints.contains("north.conf` is refused and left out"))
        #expect(try Self.status(scene, "south.test") == 200)
        #expect(try Self.status(scene, "north.test") == 421)
        try Self.write("north", to: scene)
        #expect(try scene.admin("POST", "/reload").status == 200)
        #expect(try Self.status(scene, "north.test") == 200)
    }

    @Test func `nothing starts leniently when the main file is wrong`() throws {
        let scene = try Self.scene()
        defer { scene.end() }
        try scene.rewrite { $0.topLevel.append("wrokers 3") }
        let arguments = ["serve", "--lenient", "--config", scene.configuration]
        #expect(try Command.postern(arguments).status == 2)
    }
}
