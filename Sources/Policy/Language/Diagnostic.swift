/// One thing that is wrong in a configuration or policy file.
public struct Diagnostic: Error, Hashable, Sendable {
    /// Where it is wrong.
    public let position: SourcePosition

    /// What was found and what was wanted: lower-case, no period, user input in backticks.
    public let message: String

    /// The nearest known word, when the fault is an unknown or misspelt one.
    public let suggestion: String?

    /// The other place that takes part in it, which may be the one at fault: where a name was given
    /// first, or the tenant that a failing `test` is about.
    public var related: SourcePosition?

    /// Creates a diagnostic.
    public init(
        _ message: String,
        at position: SourcePosition,
        suggestion: String? = nil,
        related: SourcePosition? = nil
    ) {
        self.message = message
        self.position = position
        self.suggestion = suggestion
        self.related = related
    }
}
