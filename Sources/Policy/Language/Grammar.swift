/// The statements that a block, or a file outside of all blocks, may hold.
public struct Grammar<Target>: Sendable {
    /// What a message calls it, such as ``a `listen` block``.
    public let place: String

    /// The statements, one rule a keyword.
    public let rules: [StatementRule<Target>]

    /// Where keywords belong that people write here by mistake.
    private let elsewhere: [String: String]

    /// Creates a grammar.
    ///
    /// - Parameters:
    ///   - place: What a message calls it.
    ///   - rules: One rule a keyword.
    ///   - elsewhere: Where keywords of other blocks belong, such as ``in a `listen` block``.
    public init(
        _ place: String,
        _ rules: [StatementRule<Target>],
        elsewhere: [String: String] = [:]
    ) {
        self.place = place
        self.rules = rules
        self.elsewhere = elsewhere
    }

    /// Reads the statements of a block into `target`, in their order, and reports what is wrong.
    ///
    /// - Parameters:
    ///   - statements: The block.
    ///   - target: What the rules fill.
    ///   - reader: Gathers the faults.
    ///   - owner: Where a statement that is missing is reported: the statement with the block.
    public func read(
        _ statements: [Statement],
        into target: inout Target,
        _ reader: inout StatementReader,
        owner: SourcePosition
    ) {
        var pass = Pass(self)
        for statement in statements { pass.take(statement, into: &target, &reader) }
        pass.finish(&reader, owner: owner)
    }

    /// One reading of a block, statement by statement.
    public struct Pass {
        private let grammar: Grammar

        /// Where the statements of each rule began, by the index of the rule.
        private var first: [SourcePosition?]
        private var misspelt: Set<String> = []

        /// Begins to read a block.
        public init(_ grammar: Grammar) {
            self.grammar = grammar
            first = Array(repeating: nil, count: grammar.rules.count)
        }

        /// Reads the next statement into `target`.
        public mutating func take(
            _ statement: Statement,
            into target: inout Target,
            _ reader: inout StatementReader
        ) {
            let keyword = statement.keyword
            guard let index = grammar.rules.firstIndex(where: { $0.keyword == keyword.text }) else {
                if let meant = grammar.reportUnknown(keyword, &reader) { misspelt.insert(meant) }
                return
            }
            let rule = grammar.rules[index]
            if let first = first[index], !rule.isRepeatable {
                return reader.reportRepeated(keyword, first: first)
            }
            if first[index] == nil { first[index] = statement.position }
            guard let accepted = rule.accepted(statement, &reader) else { return }
            rule.read(&target, accepted, &reader)
        }

        /// Ends with the end of the block: reports what is missing at its statement, `owner`.
        public func finish(_ reader: inout StatementReader, owner: SourcePosition) {
            for (index, rule) in grammar.rules.enumerated()
            where rule.isRequired && first[index] == nil && !misspelt.contains(rule.keyword) {
                reader.report(
                    "\(grammar.place) needs a line `\(rule.example)`",
                    at: owner
                )
            }
        }
    }

    /// Reports a keyword that has no place here.
    ///
    /// - Returns: The keyword that was meant, when it is a misspelling.
    fileprivate func reportUnknown(_ keyword: Word, _ reader: inout StatementReader) -> String? {
        if let home = elsewhere[keyword.text] {
            reader.report("`\(keyword.shown)` belongs \(home), not in \(place)", at: keyword)
            return nil
        }
        let nearest = NearestWord.of(keyword.text, among: rules.map(\.keyword))
        reader.report(
            "unknown word `\(keyword.shown)` in \(place)",
            at: keyword,
            suggestion: nearest
        )
        return nearest
    }
}

extension StatementRule {
    /// The statement as the rule may read it, `nil` when that makes no sense; reports what is wrong.
    ///
    /// Where arguments are missing all of them become faulty, and extra ones are dropped, so that
    /// the block is read, and its faults seen, all the same.
    fileprivate func accepted(
        _ statement: Statement,
        _ reader: inout StatementReader
    ) -> Statement? {
        switch (block, statement.block) {
        case (.required, nil):
            reader.report(
                "`\(keyword)` needs a block: `{` at the end of the line",
                at: statement.keyword
            )
            return nil
        case (.none, .some):
            reader.report("`\(keyword)` takes no block", at: statement.keyword)
        default: break
        }
        var words = statement.words
        if words.count - 1 < argumentsMin {
            reader.report("`\(keyword)` wants `\(usage)`", at: statement.keyword)
            words = [words[0]] + words.dropFirst().map { $0.faulty() }
        } else if let most = argumentsMax, words.count - 1 > most {
            let extra = words[most + 1]
            reader.report("unexpected `\(extra.shown)`; wanted `\(usage)`", at: extra)
            words.removeSubrange((most + 1)...)
        }
        while words.count - 1 < argumentsMin {
            words.append(Word(text: "", position: statement.position, isFaulty: true))
        }
        return Statement(words: words, block: statement.block)
    }
}
