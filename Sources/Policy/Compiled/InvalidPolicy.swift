/// Policies that may not be used: everything that is wrong with them.
public struct InvalidPolicy: Error, Sendable {
    /// At least one, in the order of files and lines.
    public let diagnostics: [Diagnostic]

    /// What was wrong.
    public let cause: Cause

    /// What can be wrong; tests run only when the rest is right.
    public enum Cause: Hashable, Sendable {
        /// The files cannot be read as a policy.
        case declarations

        /// The policy holds together, but `test` lines fail.
        case tests
    }

    init(_ diagnostics: [Diagnostic], cause: Cause = .declarations) {
        precondition(!diagnostics.isEmpty)
        self.cause = cause
        self.diagnostics = diagnostics.sorted { left, right in
            (left.position.file, left.position.line, left.position.column)
                < (right.position.file, right.position.line, right.position.column)
        }
    }
}
