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
