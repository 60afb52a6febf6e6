/// The lines of tenants' `route` blocks that were read so far, so that one that comes again is
/// neither read nor kept again.
public struct SharedRuleLines {
    /// The name of a route.
    final class Name: Sendable {
        let word: Word

        init(_ word: Word) { self.word = word }
    }

    /// An `allow` or `deny` line, wherever it stands.
    final class Line: Sendable {
        let isDeny: Bool
        private let rule: RuleLine
        private let words: [Word]

        fileprivate init(_ rule: RuleLine, isDeny: Bool, words: [Word]) {
            self.rule = rule
            self.isDeny = isDeny
            self.words = words
        }

        /// The line as it stands at a place.
        func rule(at place: SourcePosition) -> RuleLine {
            var rule = rule
            rule.position = place
            return rule
        }

        /// Whether a line of a file says the same, at the same columns.
        fileprivate func isWritten(as other: [Word]) -> Bool {
            guard words.count == other.count else { return false }
            for index in words.indices {
                guard words[index].position.column == other[index].position.column,
                    words[index].isQuoted == other[index].isQuoted,
                    words[index].text == other[index].text
                else { return false }
            }
            return true
        }
    }

    /// The most lines, and names, that are kept to be found again.
    private static let keptMax = 65_536

    private var names: [String: Name] = [:]

    /// By a hash of the words; of two with the same hash the first is kept.
    private var lines: [UInt64: Line] = [:]

    /// Begins without any.
    public init() {}

    /// The name of a route, the same object for the same name.
    mutating func name(_ word: Word) -> Name {
        if let known = names[word.text] { return known }
        let name = Name(word)
        if names.count < Self.keptMax { names[word.text] = name }
        return name
    }

    /// The line of a block; `nil` after a report that it cannot be read.
    mutating func line(
        _ statement: Statement,
        of route: Word,
        _ reader: inout StatementReader
    ) -> Line? {
        let hash = statement.block == nil ? Self.hash(of: statement.words) : nil
        if let hash, let known = lines[hash], known.isWritten(as: statement.words) { return known }
        let faultsCount = reader.diagnostics.count
        let rules = RouteReader.override(statement, of: route, &reader)
        guard let rule = rules.allows.first ?? rules.denies.first else { return nil }
        let line = Line(rule, isDeny: rules.saysDeny, words: statement.words)
        if let hash, lines.count < Self.keptMax, reader.diagnostics.count == faultsCount {
            lines[hash] = line
        }
        return line
    }

    /// FNV-1a over the words; `nil` when one of them is shown otherwise than it reads.
    private static func hash(of words: [Word]) -> UInt64? {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for word in words {
            guard !word.isFaulty, word.verbatim.isEmpty else { return nil }
            for byte in word.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            hash = (hash ^ UInt64(word.position.column)) &* 0x0000_0100_0000_01B3
        }
        return hash ^ (hash >> 29)
    }
}
