/// What a scene's configuration says, line by line.
struct SceneSettings: Sendable {
    var listener: [String] = ["certificate tls/acme.pem tls/acme.key"]
    var topLevel: [String] = ["workers 2", "drain 3s"]

    /// The lines of the upstream block after its servers.
    var upstream: [String] = []

    /// The servers; empty is the scene's recording upstream.
    var servers: [String] = []
    var acme = TenantSettings(name: "acme")
    var beta: TenantSettings? = TenantSettings(name: "beta")

    /// Whole blocks to add.
    var extra: String = ""
    var analytics: [String] = []
    var limits: [String] = []
    var policy = ScenePolicy.standard

    /// The journal's folder.
    var journalPath = "events"

    /// The lines of the journal block.
    var journal: [String] = ["keep 1d", "limit 256MB"]

    func text(port: UInt16, admin: UInt16, upstream upstreamPort: UInt16) -> String {
        let servers = servers.isEmpty ? ["http://127.0.0.1:\(upstreamPort)"] : servers
        var text = Self.block("listen 127.0.0.1:\(port)", listener)
        text += "admin 127.0.0.1:\(admin)\npolicies policies\n"
        text += topLevel.map { $0 + "\n" }.joined()
        text += Self.block("upstream issuer", servers.map { "server \($0)" } + upstream)
        text += acme.text
        text += beta?.text ?? ""
        text += extra
        text += Self.block(
            "analytics",
            ["journal \(journalPath) {"] + journal.map { "    " + $0 } + ["}"] + analytics
        )
        if !limits.isEmpty { text += Self.block("limits", limits) }
        return text
    }

    static func block(_ head: String, _ lines: [String]) -> String {
        "\(head) {\n" + lines.map { "    \($0)\n" }.joined() + "}\n"
    }
}

/// One tenant of a scene.
struct TenantSettings: Sendable {
    var name: String
    var hosts: [String]
    var tokens: [String]
    var routes = ""

    init(name: String) {
        self.name = name
        hosts = ["\(name).test"]
        tokens = [
            "issuer https://idp.test/", "audience https://\(name).test", "keys file:keys.json",
            "roles claim roles",
        ]
    }

    var text: String {
        let tokenBlock =
            tokens.isEmpty
            ? [] : ["tokens {"] + tokens.map { "    " + $0 } + ["}"]
        return SceneSettings.block(
            "tenant \(name)",
            hosts.map { "host \($0)" } + ["upstream issuer"] + tokenBlock
                + routes.split(separator: "\n").map(String.init)
        )
    }
}
