import Foundation
import Policy

@testable import Gateway

/// What must hold of any bytes that are read as a policy, as a tenant's routes and as a configuration.
///
/// A line `%%` ends the policy; what follows is the block of a tenant.
enum LanguageOracle {
    /// Checks one text.
    ///
    /// - Returns: What does not hold, or `nil`.
    static func broken(_ bytes: [UInt8]) -> String? {
        let text = Source(bytes)
        if let broken = text.brokenDiagnostic { return broken }
        let first = text.compiled
        let second = Source(bytes).compiled
        switch (first, second) {
        case (.success(let policy), .success(let again)):
            if let broken = difference(policy, again) { return broken }
        case (.failure(let failure), .failure(let again)):
            guard failure.diagnostics == again.diagnostics else { return "faults that change" }
            if let broken = text.broken(failure.diagnostics) { return broken }
        default: return "the same text compiles and does not"
        }
        return brokenConfiguration(bytes)
    }

    /// What a policy answers must be the same each time it is compiled, for some callers.
    private static func difference(_ policy: CompiledPolicy, _ other: CompiledPolicy) -> String? {
        guard policy.listing() == other.listing(),
            policy.listing(tenant: 0) == other.listing(tenant: 0)
        else { return "two listings of one policy" }
        let conditions = policy.conditions(ofTenant: 0)
        guard conditions == other.conditions(ofTenant: 0) else { return "two lists of conditions" }
        guard conditions.count <= FactSet.factsMax else { return "more conditions than facts" }
        for route in policy.routes.indices {
            for pattern in [UInt64(0), .max, 0x5555_5555_5555_5555, 0x9E37_79B9_7F4A_7C15] {
                var facts = FactSet()
                for fact in conditions.indices where pattern >> (fact % 64) & 1 == 1 {
                    facts.insert(fact)
                }
                let trace = policy.trace(route: route, tenant: 0, facts: facts)
                let again = other.trace(route: route, tenant: 0, facts: facts)
                guard trace.denial == again.denial else { return "two verdicts" }
                let isOpen = policy.routes[route].access != .authorized
                let verdict =
                    isOpen
                    ? policy.decideWithoutToken(route: route, tenant: 0, facts: facts)
                    : policy.decide(route: route, tenant: 0, facts: facts)
                let isAllowed = if case .allow = verdict { true } else { false }
                guard isAllowed == (trace.denial == nil) else { return "a trace that is not so" }
            }
        }
        return nil
    }

    /// The same text as a whole configuration, whose policy it is, too.
    private static func brokenConfiguration(_ bytes: [UInt8]) -> String? {
        do throws(ConfigurationFailure) {
            _ = try ConfigurationLoader.load(
                path: "postern.conf",
                reading: OneText(bytes: bytes),
                processors: 2
            )
        } catch {
            let isSaid = error.description.utf8.count > error.diagnostics.count
            return error.diagnostics.isEmpty || !isSaid ? "a failure that says nothing" : nil
        }
        return nil
    }
}

/// A policy and a tenant's block, read into statements.
private struct Source {
    private var sources = SourceMap()
    private var parts: [StatementParser.Parsed] = []

    init(_ bytes: [UInt8]) {
        var texts = [bytes]
        if let mark = bytes.firstRange(of: Array("\n%%\n".utf8)) {
            texts = [Array(bytes[..<mark.lowerBound]), Array(bytes[mark.upperBound...])]
        }
        for (index, text) in texts.enumerated() {
            let file = sources.add(path: "\(index).policy", bytes: text)
            let parsed = StatementParser.parse(text, file: file) { substitution in
                switch substitution {
                case .environment("A"): .success("a")
                case .file("a"): .success("words of a file")
                default: .failure(SourceFailure("not here"))
                }
            }
            parts.append(parsed)
        }
    }

    /// The policy, whatever was wrong with its lines.
    var compiled: Result<CompiledPolicy, InvalidPolicy> {
        let document = PolicyReader.read(parts[0].statements, sources: sources)
        let routes = TenantPolicyInput(
            name: "t",
            statements: parts.count > 1 ? parts[1].statements : [],
            sources: sources
        )
        do throws(InvalidPolicy) {
            return .success(
                try PolicyCompiler.compile([document], tenants: [routes], sources: sources)
            )
        } catch { return .failure(error) }
    }

    /// What does not hold of the faults of the lines.
    var brokenDiagnostic: String? { broken(parts.flatMap(\.diagnostics)) }

    /// A fault is in a line that there is, and can be shown.
    func broken(_ diagnostics: [Diagnostic]) -> String? {
        for diagnostic in diagnostics {
            let position = diagnostic.position
            guard (0..<sources.count).contains(position.file), position.line >= 1,
                position.column >= 1
            else { return "a fault nowhere" }
            let shown = sources.render(diagnostic)
            guard shown.contains(diagnostic.message) else { return "a fault that is not shown" }
            let isTame = shown.unicodeScalars.allSatisfy { scalar in
                scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control
            }
            guard isTame else {
                return "a fault that speaks to the terminal: \(diagnostic.message)"
            }
        }
        return nil
    }
}

/// One text under every name; `a` alone can be included.
private struct OneText: SourceReading {
    let bytes: [UInt8]

    func contents(ofFile path: String, bytesMax: Int) throws(SourceFailure) -> [UInt8] {
        guard bytes.count <= bytesMax else { throw SourceFailure("too large") }
        return bytes
    }

    func paths(matching pattern: String) throws(SourceFailure) -> [String] {
        pattern == "a" ? ["a"] : []
    }

    func isFolder(_ path: String) throws(SourceFailure) -> Bool { false }

    func environmentValue(_ name: String) -> String? { name == "A" ? "a" : nil }
}
