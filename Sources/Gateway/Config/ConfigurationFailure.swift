import Policy

/// Everything that is wrong with a configuration, and the text it is about.
struct ConfigurationFailure: Error, Sendable, CustomStringConvertible {
    /// At least one, in the order of their places.
    let diagnostics: [Diagnostic]

    /// What the positions refer to.
    let sources: SourceMap

    /// What the user reads: for each fault its place, its line and a caret.
    var description: String { sources.render(diagnostics) }
}
