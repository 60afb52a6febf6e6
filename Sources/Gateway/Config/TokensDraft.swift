import Policy

/// The `tokens` block of a tenant while it is being read.
struct TokensDraft {
    var rules = TokenRules(issuer: "", audiences: [])
    var keys: Configuration.KeySource?
    var mappedRoles: [Word] = []

    /// The word of the `issuer` line, for the message when nothing can be discovered from it.
    var issuer: Word?

    /// Where the word of the `keys` line stands, be it faulty.
    var keysPosition: SourcePosition?
}

extension TokensDraft {
    /// The statements of a `tokens` block.
    static let grammar = Grammar<TokensDraft>(
        "a `tokens` block",
        [
            StatementRule("issuer ISSUER", .required) { draft, statement, reader in
                draft.issuer = statement.words[1]
                draft.rules.issuer = reader.text(statement.words[1]) ?? ""
            },
            StatementRule("audience AUDIENCE", .requiredRepeatable) { draft, statement, reader in
                if let audience = reader.text(statement.words[1]) {
                    draft.rules.audiences.append(audience)
                }
            },
            StatementRule("keys file:PATH|URL") { draft, statement, reader in
                draft.keysPosition = statement.words[1].position
                draft.keys = reader.keySource(statement.words[1])
            },
            StatementRule("algorithms ALGORITHM...") { draft, statement, reader in
                draft.rules.algorithms = reader.algorithms(statement.arguments)
            },
            StatementRule("types TYPE...") { $0.readTypes($1, &$2) },
            StatementRule("leeway DURATION") { draft, statement, reader in
                if let seconds = reader.seconds(statement.words[1], in: 0...300) {
                    draft.rules.leewaySeconds = Int64(seconds)
                }
            },
            StatementRule("max-lifetime DURATION") { draft, statement, reader in
                let year = 366 * 86_400
                if let seconds = reader.seconds(statement.words[1], in: 1...year) {
                    draft.rules.lifetimeSecondsMax = Int64(seconds)
                }
            },
            StatementRule("roles claim NAME...") { draft, statement, reader in
                draft.rules.rolesPath = reader.claimPath(statement.words, in: "roles")
            },
            StatementRule("role ROLE from VALUE...", .repeatable) { $0.readRole($1, &$2) },
            StatementRule("client claim NAME...") { draft, statement, reader in
                draft.rules.clientPath = reader.claimPath(statement.words, in: "client")
            },
            StatementRule("tenant claim NAME... equals VALUE") { $0.readBinding($1, &$2) },
        ],
        elsewhere: KeywordHomes.homes
    )

    /// Reads `tokens { ... }`.
    static func read(
        _ statement: Statement,
        _ reader: inout StatementReader
    ) -> Configuration.Tokens {
        var draft = TokensDraft()
        let block = statement.block ?? []
        grammar.read(block, into: &draft, &reader, owner: statement.position)
        return Configuration.Tokens(
            rules: draft.rules,
            keys: Configuration.KeyPlace(draft.keySource(&reader)),
            mappedRoles: draft.mappedRoles,
            keysPosition: draft.keysPosition ?? statement.position,
            position: statement.position
        )
    }

    /// Where the keys are: what `keys` says, else what the issuer publishes.
    private func keySource(_ reader: inout StatementReader) -> Configuration.KeySource {
        if let keys { return keys }
        if let issuer, !issuer.isFaulty, !issuer.text.isEmpty, keysPosition == nil {
            reader.checkDiscovery(issuer)
        }
        return .discovery(issuer: rules.issuer)
    }

    /// Reads `types TYPE...`; `absent` stands for a token without `typ`.
    private mutating func readTypes(_ statement: Statement, _ reader: inout StatementReader) {
        rules.types = []
        rules.acceptsMissingType = false
        for word in statement.arguments {
            guard let text = reader.text(word) else { continue }
            let type = text.lowercased()
            if type == "absent" {
                rules.acceptsMissingType = true
            } else if type.hasPrefix("application/") {
                rules.types.insert(String(type.dropFirst("application/".count)))
            } else {
                rules.types.insert(type)
            }
        }
    }

    /// Reads `role ROLE from VALUE...`.
    private mutating func readRole(_ statement: Statement, _ reader: inout StatementReader) {
        reader.expect("from", statement.words[2], "role ROLE from VALUE...")
        let role = statement.words[1]
        guard let name = reader.text(role) else { return }
        mappedRoles.append(role)
        for word in statement.words[3...] {
            guard let value = reader.text(word) else { continue }
            if rules.roleMapping[value, default: []].contains(name) { continue }
            rules.roleMapping[value, default: []].append(name)
        }
    }

    /// Reads `tenant claim NAME... equals VALUE`.
    private mutating func readBinding(_ statement: Statement, _ reader: inout StatementReader) {
        let words = statement.words
        let usage = "tenant claim NAME... equals VALUE"
        reader.expect("claim", words[1], usage)
        reader.expect("equals", words[words.count - 2], usage)
        let path = words[2..<words.count - 2].compactMap { reader.text($0) }
        guard let value = reader.text(words[words.count - 1]) else { return }
        rules.tenantBinding = .init(path: path, value: value)
    }
}
