import Policy
import Testing

/// Policy files and tenants' routes as text, for tests.
struct PolicyText {
    var policy: String

    /// A tenant's name and its `route` blocks.
    var tenants: [(name: String, routes: String)] = []

    /// Reads and compiles it all.
    func compile() throws(InvalidPolicy) -> CompiledPolicy { try read().0 }

    /// What is warned of, in tenants that give the roles named, or any.
    func findings(grants: [PolicyLint.Grants]) throws(InvalidPolicy) -> [Diagnostic] {
        let (policy, document, sources) = try read()
        return PolicyLint.findings(in: policy, from: [document], grants: grants, sources: sources)
    }

    /// What is warned of when any role can be had, as `LINE MESSAGE`.
    func warnings() throws(InvalidPolicy) -> [String] {
        try findings(grants: tenants.map { _ in nil }).map { "\($0.position.line) \($0.message)" }
    }

    private func read() throws(InvalidPolicy) -> (CompiledPolicy, PolicyDocument, SourceMap) {
        var sources = SourceMap()
        let document = PolicyReader.read(
            Self.statements(policy, "test.policy", &sources),
            sources: sources
        )
        let inputs = tenants.map { tenant in
            let routes = Self.statements(tenant.routes, "\(tenant.name).conf", &sources)
            return TenantPolicyInput(name: tenant.name, statements: routes, sources: sources)
        }
        let policy = try PolicyCompiler.compile([document], tenants: inputs, sources: sources)
        return (policy, document, sources)
    }

    /// What is wrong with it, as `LINE:COLUMN message (nearest: WORD)`.
    var faults: [String] {
        do throws(InvalidPolicy) {
            _ = try compile()
            return []
        } catch {
            return error.diagnostics.map { diagnostic in
                let nearest = diagnostic.suggestion.map { " (nearest: \($0))" } ?? ""
                let position = diagnostic.position
                return "\(position.line):\(position.column) \(diagnostic.message)\(nearest)"
            }
        }
    }

    /// The text of a file of the project.
    static func file(_ path: String) throws -> String {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return try ProjectFile.read("/\(root)/\(path)")
    }

    private static func statements(
        _ text: String,
        _ path: String,
        _ sources: inout SourceMap
    ) -> [Statement] {
        let bytes = Array(text.utf8)
        let file = sources.add(path: path, bytes: bytes)
        let parsed = StatementParser.parse(bytes, file: file) { _ in
            .failure(SourceFailure("nothing is replaced here"))
        }
        precondition(parsed.diagnostics.isEmpty, "\(parsed.diagnostics)")
        return parsed.statements
    }
}
