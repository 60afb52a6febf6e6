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
        var first: [String: SourcePosition] = [:]
        var misspelt: Set<String> = []
        for statement in statements {
            guard let rule = rules.first(where: { $0.keyword == statement.keyword.text }) else {
                if let meant = reportUnknown(statement.keyword, &reader) { misspelt.insert(meant) }
                continue
            }
            if let first = first[rule.keyword], !rule.isRepeatable {
                reader.reportRepeated(statement.keyword, first: first)
                continue
            }
            if first[rule.keyword] == nil { first[rule.keyword] = statement.position }
            guard let accepted = rule.accepted(statement, &reader) else { continue }
            rule.read(&target, accepted, &reader)
        }
        for rule in rules where rule.isRequired && first[rule.keyword] == nil {
            if misspelt.contains(rule.keyword) { continue }
            reader.report("\(place) needs a line `\(rule.example)`", at: owner)
        }
    }

    /// Reports a keyword that has no place here.
    ///
    /// - Returns: The keyword that was meant, when it is a misspelling.
    private func reportUnknown(_ keyword: Word, _ reader: inout StatementReader) -> String? {
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
