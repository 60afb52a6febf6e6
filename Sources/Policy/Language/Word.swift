/// One word of a statement, with escapes resolved and `${...}` already replaced.
public struct Word: Sendable {
    /// What the word says.
    ///
    /// It may hold a secret that came from `${file:...}`: a message uses `shown`.
    public let text: String

    /// What a message may say of the word: what the file says when a `${...}` was replaced in it.
    ///
    /// Short, and without control characters.
    public var shown: String { Word.presentable(written ?? (text.isEmpty ? "\"\"" : text)) }

    /// The spelling in the file where that differs from `text`.
    private let written: String?

    /// The parts that came from `${...}` or `\u{...}`, as ranges of Unicode scalars of `text`.
    ///
    /// A `{` there is a plain character, never the beginning of a placeholder.
    public let verbatim: [Range<Int>]

    /// Where it begins.
    public let position: SourcePosition

    /// Whether it was quoted, so that a quoted `{` is a word and not a block.
    public let isQuoted: Bool

    /// Whether the word has been reported already, so that nothing more need be said of it.
    public let isFaulty: Bool

    /// Creates a word; `written` is its spelling in the file where that differs from `text`.
    public init(
        text: String,
        position: SourcePosition,
        isQuoted: Bool = false,
        written: String? = nil,
        isFaulty: Bool = false,
        verbatim: [Range<Int>] = []
    ) {
        self.text = text
        self.position = position
        self.isQuoted = isQuoted
        self.isFaulty = isFaulty
        self.verbatim = verbatim
        self.written = written
    }

    /// The same word at another place.
    func moved(to position: SourcePosition) -> Word {
        Word(
            text: text,
            position: position,
            isQuoted: isQuoted,
            written: written,
            isFaulty: isFaulty,
            verbatim: verbatim
        )
    }

    /// The same word with its fault reported.
    func faulty() -> Word {
        Word(
            text: text,
            position: position,
            isQuoted: isQuoted,
            written: shown,
            isFaulty: true,
            verbatim: verbatim
        )
    }

    /// Makes `text` fit for a message: at most 100 characters, controls as `\u{...}`.
    public static func presentable(_ text: String) -> String {
        if text.utf8.count <= 100, text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return text }
        var shown = ""
        for (count, scalar) in text.unicodeScalars.enumerated() {
            guard count < 100 else { return shown + "..." }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                shown += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            default:
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
