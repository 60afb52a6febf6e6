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

    /// Where the block begins.
    var position: SourcePosition
    var keyUse = KeyUseDraft()
    var authorities: Configuration.NamedPath?
    var introspection: Configuration.Introspection?

    /// Whether there is an `introspect` line, be it faulty.
    var introspects = false
    var proofs = ProofsDraft()
    var revoked: [Configuration.NamedPath] = []
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
            StatementRule("ca FILE") { draft, statement, reader in
                let word = statement.words[1]
                draft.authorities = reader.path(word).map {
                    Configuration.NamedPath(path: $0, position: word.position)
                }
            },
            StatementRule(introspectUsage) { draft, statement, reader in
                draft.introspects = true
                draft.introspection = reader.introspection(statement, introspectUsage)
            },
            StatementRule("revoked FILE", .repeatable) { draft, statement, reader in
                reader.addPath(statement.words[1], to: &draft.revoked)
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
        ] + KeyUseDraft.rules(\.keyUse) + ProofsDraft.rules(\.proofs),
        elsewhere: KeywordHomes.homes
    )

    private static let introspectUsage = "introspect URL client ID secret SECRET [cache DURATION]"

    /// Reads `tokens { ... }`.
    static func read(_ statement: Statement, _ reader: inout StatementReader) -> TokensDraft {
        var draft = TokensDraft(position: statement.position)
        let block = statement.block ?? []
        grammar.read(block, into: &draft, &reader, owner: statement.position)
        if draft.discoversKeys, let issuer = draft.issuer, !issuer.isFaulty, !issuer.text.isEmpty {
            reader.checkDiscovery(issuer)
        }
        return draft
    }

    /// Whether the issuer has to publish where its keys are.
    ///
    /// With an `introspect` line and no `keys` line there are no keys here at all.
    private var discoversKeys: Bool { keysPosition == nil && !introspects }

    /// The block with what is said outside of it; proofs are still to be added.
    func resolved(with defaults: KeyUseDraft) -> Configuration.Tokens {
        var tokens = Configuration.Tokens(
            rules: rules,
            keys: keyPlace(defaults),
            mappedRoles: mappedRoles,
            keysPosition: keysPosition ?? position,
            position: position
        )
        tokens.introspection = introspection
        tokens.introspection?.caPath = authorities?.path
        tokens.revoked = revoked
        tokens.authorities = authorities
        tokens.keysCache = keyUse.cache ?? defaults.cache
        return tokens
    }

    /// Where the keys are: what `keys` says, else what the issuer publishes.
    private func keyPlace(_ defaults: KeyUseDraft) -> Configuration.KeyPlace? {
        guard let source = keys ?? (introspects ? nil : .discovery(issuer: rules.issuer)) else {
            return nil
        }
        var place = Configuration.KeyPlace(source)
        place.staleSecondsMax = keyUse.staleSecondsMax ?? defaults.staleSecondsMax ?? 24 * 3_600
        place.graceSeconds = keyUse.graceSeconds ?? defaults.graceSeconds ?? 0
        if case .file = source { return place }
        place.caPath = authorities?.path
        place.cachePath = (keyUse.cache ?? defaults.cache)?.path
        return place
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
