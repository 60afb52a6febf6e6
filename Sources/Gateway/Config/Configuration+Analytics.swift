import Policy

extension Configuration.Analytics {
    /// How much events tell, as it is written.
    static let levels: KeyValuePairs = ["1": 1, "2": 2, "3": 3]

    /// The statements of an `analytics` block.
    static let grammar = Grammar<Self>(
        "an `analytics` block",
        [
            StatementRule("journal PATH", block: .optional) { $0.journal = .read($1, &$2) },
            .choice("level", \.level, levels),
            .choice("on-failure", \.onFailure, ["closed": .closed, "open": .open]),
            .choice("durability", \.durability, ["process": .process, "power": .power]),
            StatementRule("ship NAME", .repeatable, block: .required) {
                $0.shippers.append(.read($1, &$2))
            },
        ],
        elsewhere: KeywordHomes.homes
    )

    /// Reads `analytics { ... }`.
    static func read(_ statement: Statement, _ reader: inout StatementReader) -> Self {
        var analytics = Self()
        let block = statement.block ?? []
        grammar.read(block, into: &analytics, &reader, owner: statement.position)
        analytics.checkShippers(&reader)
        return analytics
    }
}

extension Configuration.Journal {
    /// The statements of a `journal` block.
    static let grammar = Grammar<Self>(
        "a `journal` block",
        [
            .seconds("keep", \.keepSeconds, in: 1...3_650 * 86_400),
            .bytes("limit", \.limitBytes, in: 1_048_576...1_024 * 1_099_511_627_776),
        ],
        elsewhere: KeywordHomes.homes
    )

    /// Reads `journal PATH` and its block, which may be left out.
    static func read(_ statement: Statement, _ reader: inout StatementReader) -> Self {
        let word = statement.words[1]
        var journal = Self(path: reader.path(word) ?? "", position: word.position)
        let block = statement.block ?? []
        grammar.read(block, into: &journal, &reader, owner: statement.position)
        return journal
    }
}
