/// Reads the statements of policy files into a `PolicyDocument`.
///
/// Every word it does not know is refused, and reading goes on after a fault so that all faults
/// of the files are reported together.
public enum PolicyReader {
    private static let grammar = Grammar<PolicyDocument>(
        "a policy",
        [
            StatementRule("roles ROLE...", .repeatable) { document, line, reader in
                for word in line.arguments where reader.text(word) != nil {
                    document.roles.append(word)
                }
            },
            StatementRule("group NAME = ROLE...", .repeatable) { document, line, reader in
                if let group = RoleGroup(line, &reader) { document.groups.append(group) }
            },
            StatementRule("route NAME", .repeatable, block: .required) { document, line, reader in
                if let route = RouteReader.read(line, &reader) { document.routes.append(route) }
            },
            StatementRule(
                "routes [PREFIX]",
                .repeatable,
                block: .required
            ) { document, line, reader in
                document.routes += RouteSetReader.read(line, &reader)
            },
            StatementRule(
                "test NAME METHOD PATH [WORD...]",
                .repeatable
            ) { document, line, reader in
                if let test = TestReader.read(line, &reader) { document.tests.append(test) }
            },
        ]
    )

    /// Reads the statements of all policy files, in order.
    ///
    /// - Parameters:
    ///   - statements: At the top of the files, with `include` already replaced.
    ///   - sources: The files they come from.
    /// - Returns: What could be read, with everything that is wrong.
    public static func read(_ statements: [Statement], sources: SourceMap) -> PolicyDocument {
        var document = PolicyDocument()
        var reader = StatementReader(sources: sources)
        let start = SourcePosition(file: 0, line: 1, column: 1)
        grammar.read(statements, into: &document, &reader, owner: start)
        document.diagnostics = reader.diagnostics
        return document
    }
}
