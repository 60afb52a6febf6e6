import Policy

/// The value of a `header` line, taken apart at its braces.
///
/// Characters that came from `${...}` or `\u{...}` are never braces: a secret may hold any.
struct HeaderValueText {
    enum Part {
        case literal(String)

        /// The words between two braces, and the word in which they begin.
        case placeholder([String], Word)

        /// What is wrong, and with which word.
        case fault(String, Word)
    }

    private struct Character {
        let scalar: Unicode.Scalar
        let isBrace: Bool
        let word: Word
    }

    private var characters: [Character] = []
    private var index = 0

    /// Joins words by one space.
    init(_ words: ArraySlice<Word>) {
        for word in words {
            if !characters.isEmpty || word.position != words.first?.position {
                characters.append(Character(scalar: " ", isBrace: false, word: word))
            }
            for (offset, scalar) in word.text.unicodeScalars.enumerated() {
                let isVerbatim = word.verbatim.contains { $0.contains(offset) }
                let isBrace = !isVerbatim && (scalar == "{" || scalar == "}")
                characters.append(Character(scalar: scalar, isBrace: isBrace, word: word))
            }
        }
    }

    /// The next part, `nil` at the end.
    mutating func next() -> Part? {
        guard index < characters.count else { return nil }
        return characters[index].isBrace ? placeholder() : literal()
    }

    private mutating func literal() -> Part {
        let rest = characters[index...]
        let end = rest.firstIndex { $0.isBrace } ?? rest.endIndex
        defer { index = end }
        if let wrong = rest[..<end].first(where: { !(" "..."~").contains($0.scalar) }) {
            // Not which one: it may come from a secret.
            let what = wrong.scalar.value < 0x80 ? "a control character" : "more than ASCII"
            return .fault("`\(wrong.word.shown)` puts \(what) into a header", wrong.word)
        }
        return .literal(Self.text(rest[..<end]))
    }

    private mutating func placeholder() -> Part {
        let opening = characters[index]
        guard opening.scalar == "{" else {
            index += 1
            return .fault("`}` without its `{`", opening.word)
        }
        let rest = characters[(index + 1)...]
        guard let end = rest.firstIndex(where: \.isBrace), characters[end].scalar == "}" else {
            index += 1
            return .fault("`{` without its `}`", opening.word)
        }
        index = end + 1
        let names = Self.text(rest[..<end]).split(separator: " ").map(String.init)
        return .placeholder(names, opening.word)
    }

    private static func text(_ characters: ArraySlice<Character>) -> String {
        var text = String.UnicodeScalarView()
        for character in characters { text.append(character.scalar) }
        return String(text)
    }
}
