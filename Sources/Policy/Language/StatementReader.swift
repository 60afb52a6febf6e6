/// Gathers what is wrong while the statements of a load are given their meaning.
///
/// The readers of single words live in `StatementReader+Words.swift`. Each answers `nil` after it
/// has reported the fault, so that reading goes on and shows every fault at once. A word that the
/// parser has reported already is never reported again.
public struct StatementReader: Sendable {
    /// The files that the statements come from; there may be more with each statement.
    public var sources: SourceMap

    /// Every fault found so far.
    public private(set) var diagnostics: [Diagnostic] = []

    /// Creates a reader for statements of `sources`.
    public init(sources: SourceMap) { self.sources = sources }

    /// Reports a fault at a place.
    public mutating func report(
        _ message: String,
        at position: SourcePosition,
        suggestion: String? = nil,
        related: SourcePosition? = nil
    ) {
        diagnostics.append(
            Diagnostic(message, at: position, suggestion: suggestion, related: related)
        )
    }

    /// Reports a fault of a word.
    ///
    /// Nothing is suggested in place of a word that `${...}` brought: it might repeat a secret.
    public mutating func report(_ message: String, at word: Word, suggestion: String? = nil) {
        guard !word.isFaulty else { return }
        let suggestion = word.verbatim.isEmpty ? suggestion : nil
        report(message, at: word.position, suggestion: suggestion)
    }

    /// Reports a word that is none of those known, with the nearest of them.
    public mutating func reportUnknown(
        _ what: String,
        _ word: Word,
        among known: some Sequence<String>
    ) {
        let suggestion = NearestWord.of(word.text, among: known)
        report("unknown \(what) `\(word.shown)`", at: word, suggestion: suggestion)
    }

    /// Reports that `word` says again what `first` said.
    public mutating func reportRepeated(_ word: Word, first: SourcePosition) {
        let place = sources.place(of: first, seenFrom: word.position)
        report("`\(word.shown)` is given twice; the first is on \(place)", at: word)
    }
}
