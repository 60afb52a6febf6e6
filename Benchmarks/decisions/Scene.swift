import Foundation

/// A policy of 50 routes, as an issuer's interface has them, and tenants; loaded from memory.
struct Scene {
    let policy: CompiledPolicy
    let parsingSeconds: Double
    let compilingSeconds: Double

    /// The memory that the compiled policy holds.
    let policyBytes: Int

    /// Parses and compiles it.
    init(_ tenantCount: Int, _ lines: TenantLines) throws {
        var sources = SourceMap()
        let texts = (0..<tenantCount).map { Array(Self.text(ofTenant: $0, lines).utf8) }
        let start = Machine.processorSeconds()
        let document = PolicyReader.read(
            Self.statements(Array(Self.policyText.utf8), "bench.policy", &sources),
            sources: sources
        )
        let tenants = texts.enumerated().map { index, text in
            TenantPolicyInput(
                name: "t\(index)",
                routes: Self.statements(text, "\(index).conf", &sources)
            )
        }
        let parsed = Machine.processorSeconds()
        parsingSeconds = parsed - start
        let before = Machine.residentBytes()
        let compiling = Machine.processorSeconds()
        policy = try PolicyCompiler.compile([document], tenants: tenants, sources: sources)
        compilingSeconds = Machine.processorSeconds() - compiling
        // What was compiled is still there, so that only what came is counted.
        policyBytes = withExtendedLifetime((document, tenants, texts, sources)) {
            Machine.residentBytes() - before
        }
    }

    private static func statements(
        _ bytes: [UInt8],
        _ path: String,
        _ sources: inout SourceMap
    ) -> [Statement] {
        let file = sources.add(path: path, bytes: bytes)
        return StatementParser.parse(bytes, file: file) { _ in .failure(SourceFailure("")) }
            .statements
    }

    private static let policyText: String = {
        var text = "roles admin issuer auditor suspended"
        for index in 0..<8 { text += " extra\(index)" }
        text += "\n"
        for index in 0..<Decisions.routeCount / 2 {
            let path = "/v1/area\(index)/items"
            text += """
                route create\(index) {
                    match POST \(path)
                    allow role admin issuer
                    deny role suspended
                }
                route item\(index) {
                    match GET \(path)/{id:uuid}
                    match DELETE \(path)/{id:uuid}
                    allow role admin
                    allow role issuer and scope area\(index % 8)
                }

                """
        }
        return text
    }()

    private static func text(ofTenant tenant: Int, _ lines: TenantLines) -> String {
        switch lines {
        case .none: ""
        case .alike: alikeText(tenant)
        case .drawn: drawnText(tenant)
        case .unlike: unlikeText(tenant)
        }
    }

    private static func alikeText(_ tenant: Int) -> String {
        var text = ""
        for index in 0..<Decisions.routeCount / 2 {
            text += """
                route create\(index) {
                    allow role admin
                    allow client console-\(tenant)
                }
                route item\(index) {
                    allow role admin auditor
                    deny role suspended
                }

                """
        }
        return text
    }

    private static func drawnText(_ tenant: Int) -> String {
        (0..<Decisions.routeCount).map { route in
            let name = (route.isMultiple(of: 2) ? "create" : "item") + "\(route / 2)"
            let role = "extra\(Int.random(in: 0..<8))"
            return """
                route \(name) {
                    allow role admin \(role)
                    allow client console-\(tenant)
                }

                """
        }
        .joined()
    }

    private static func unlikeText(_ tenant: Int) -> String {
        func words(_ text: String, of count: Int) -> String {
            let chosen = (0..<count).filter { _ in Bool.random() }
            return (chosen.isEmpty ? [0] : chosen).map { text + "\($0)" }.joined(separator: " ")
        }
        var text = ""
        for index in 0..<Decisions.routeCount / 2 {
            text += """
                route create\(index) {
                    allow role \(words("extra", of: 8))
                    allow client \(words("console-\(tenant)-", of: 12))
                }
                route item\(index) {
                    allow role \(words("extra", of: 8)) and client \(words("app-", of: 12))
                    deny role suspended
                }

                """
        }
        return text
    }
}
