/// What a line is: a statement, or the beginning or end of a block.
struct LineShape {
    enum Ending {
        case statement
        case opensBlock(SourcePosition)
        case closesBlock(SourcePosition)

        /// The line ended in `{}`, which is reported.
        case emptyBlock
    }

    /// The words less the braces that make blocks.
    private(set) var words: [Word] = []
    private(set) var ending = Ending.statement
    private(set) var diagnostics: [Diagnostic] = []

    /// Sorts out the braces among the words of a line.
    init(_ all: [Word]) {
        guard all.contains(where: Self.mayBeBrace) else {
            words = all
            return
        }
        let last = all[all.count - 1]
        let front = all.dropLast()
        if Self.isBrace(last), !front.contains(where: Self.mayBeBrace) {
            if last.text == "{" {
                words = Array(front)
                ending = .opensBlock(last.position)
                return
            }
            if front.isEmpty {
                ending = .closesBlock(last.position)
                return
            }
        }
        words.reserveCapacity(all.count)
        for (index, word) in all.enumerated() {
            guard !word.isQuoted, word.verbatim.isEmpty else {
                words.append(word)
                continue
            }
            take(word, isFirst: index == 0, isLast: index == all.count - 1)
        }
    }

    /// Whether a word is a brace of the file, not one that `${...}` brought.
    private static func isBrace(_ word: Word) -> Bool {
        !word.isQuoted && word.verbatim.isEmpty && (word.text == "{" || word.text == "}")
    }

    private static func mayBeBrace(_ word: Word) -> Bool {
        let text = word.text.utf8
        return text.first == UInt8(ascii: "}") || text.last == UInt8(ascii: "{")
            || text.first == UInt8(ascii: "{")
    }

    private mutating func take(_ word: Word, isFirst: Bool, isLast: Bool) {
        switch word.text {
        case "{" where isLast:
            ending = .opensBlock(word.position)
        case "{":
            report("`{` opens a block only at the end of a line", word)
        case "}" where isFirst:
            ending = .closesBlock(word.position)
            if !isLast { report("`}` stands alone on its line", word) }
        case "}":
            // The `{` in front of it on the line has been reported.
            if diagnostics.isEmpty { report("`}` stands alone on its line", word) }
        case "{}":
            ending = .emptyBlock
            report("an empty block is `{` at the end of the line and `}` on the next", word)
        default:
            words.append(word)
            if isLast { splitBrace(from: word) }
        }
    }

    /// Takes a `{` without its `}` from the end of the last word, as in `tokens{`.
    private mutating func splitBrace(from word: Word) {
        guard word.text.hasSuffix("{"), word.text.utf8.count > 1 else { return }
        let depth = word.text.utf8.reduce(0) { depth, byte in
            byte == UInt8(ascii: "{") ? depth + 1 : byte == UInt8(ascii: "}") ? depth - 1 : depth
        }
        guard depth == 1 else { return }
        let text = String(word.text.dropLast())
        words[words.count - 1] = Word(
            text: text,
            position: word.position,
            isFaulty: word.isFaulty
        )
        let column = word.position.column + text.unicodeScalars.count
        ending = .opensBlock(
            SourcePosition(file: word.position.file, line: word.position.line, column: column)
        )
    }

    private mutating func report(_ message: String, _ word: Word) {
        diagnostics.append(Diagnostic(message, at: word.position))
    }
}
