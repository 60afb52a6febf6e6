/// Policies that may not be used: everything that is wrong with them.
public struct InvalidPolicy: Error, Sendable {
    /// At least one, in the order of files and lines.
    public let diagnostics: [Diagnostic]

    init(_ diagnostics: [Diagnostic]) {
        precondition(!diagnostics.isEmpty)
        self.diagnostics = diagnostics.sorted { left, right in
            (left.position.file, left.position.line, left.position.column)
                < (right.position.file, right.position.line, right.position.column)
        }
    }
}
