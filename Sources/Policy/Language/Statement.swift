/// A place in a configuration or policy file.
public struct SourcePosition: Hashable, Sendable {
    /// The index of the file in its `SourceMap`.
    public let file: Int

    /// The line, from 1.
    public let line: Int

    /// The column in characters, from 1.
    public let column: Int

    /// Creates a position.
    public init(file: Int, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

/// One word of a statement, with `${...}` already replaced.
public struct Word: Sendable {
    /// What the word says, without quotes and with escapes resolved.
    public let text: String

    /// Where it begins.
    public let position: SourcePosition

    /// Whether it was quoted, so that a quoted `{` is a word and not a block.
    public let isQuoted: Bool

    /// Creates a word.
    public init(text: String, position: SourcePosition, isQuoted: Bool = false) {
        self.text = text
        self.position = position
        self.isQuoted = isQuoted
    }
}

/// One statement: the words of a line and, when the line ends in `{`, the statements of its block.
public struct Statement: Sendable {
    /// At least one word; the first is the keyword.
    public let words: [Word]

    /// The statements of the block, `nil` when there is none.
    public let block: [Statement]?

    /// Creates a statement from at least one word.
    public init(words: [Word], block: [Statement]? = nil) {
        precondition(!words.isEmpty)
        self.words = words
        self.block = block
    }

    /// The first word.
    public var keyword: Word { words[0] }

    /// The words after the keyword.
    public var arguments: ArraySlice<Word> { words.dropFirst() }

    /// Where the statement begins.
    public var position: SourcePosition { words[0].position }
}
