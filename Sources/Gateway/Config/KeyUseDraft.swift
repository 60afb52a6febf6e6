import Policy

/// How keys are used, as far as the statements of one place say.
struct KeyUseDraft {
    var cache: Configuration.NamedPath?
    var staleSecondsMax: Int64?
    var graceSeconds: Int64?
}

extension KeyUseDraft {
    /// The statements, which may stand in `tokens` and outside of all blocks.
    static func rules<Target>(
        _ property: any WritableKeyPath<Target, KeyUseDraft> & Sendable
    ) -> [StatementRule<Target>] {
        [
            StatementRule("keys-cache DIR") { target, statement, reader in
                let word = statement.words[1]
                target[keyPath: property].cache = reader.path(word).map {
                    Configuration.NamedPath(path: $0, position: word.position)
                }
            },
            StatementRule("keys-stale-max DURATION") { target, statement, reader in
                let seconds = reader.seconds(statement.words[1], in: 0...30 * 86_400)
                target[keyPath: property].staleSecondsMax = seconds.map(Int64.init)
            },
            StatementRule("keys-grace DURATION") { target, statement, reader in
                let seconds = reader.seconds(statement.words[1], in: 0...7 * 86_400)
                target[keyPath: property].graceSeconds = seconds.map(Int64.init)
            },
        ]
    }
}
