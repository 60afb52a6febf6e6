import Policy

/// A tenant while it is being read: its upstream is still a word.
struct TenantDraft {
    var tenant: Configuration.Tenant
    var upstream: Word?
    var tokens: TokensDraft?

    /// The `dpop` and `origin` lines outside of the `tokens` block.
    var proofs = ProofsDraft()
}

extension TenantDraft {
    /// The statements of a `tenant` block.
    static let grammar = Grammar<TenantDraft>(
        "a `tenant` block",
        [
            StatementRule("host NAME", .requiredRepeatable) { draft, statement, reader in
                if let host = reader.tenantHost(statement.words[1]) {
                    draft.tenant.hosts.append(host)
                }
            },
            StatementRule("upstream NAME", .required) { draft, statement, _ in
                draft.upstream = statement.words[1]
            },
            StatementRule("tokens", block: .required) { draft, statement, reader in
                draft.tokens = TokensDraft.read(statement, &reader)
            },
            StatementRule("level 1|2|3") { draft, statement, reader in
                let levels = Configuration.Analytics.levels
                draft.tenant.level = reader.choice(statement.words[1], levels)
            },
            StatementRule("route NAME", .repeatable, block: .required) { $0.readRoute($1, &$2) },
            StatementRule("client NAME", .repeatable, block: .required) { draft, line, reader in
                ClientDraft.read(line, into: &draft.tenant.clients, &reader)
            },
        ] + Configuration.Tenant.stateRules + ProofsDraft.rules(\.proofs),
        elsewhere: KeywordHomes.homes
    )

    /// Reads `tenant NAME { ... }`.
    static func read(_ statement: Statement, _ reader: inout StatementReader) -> TenantDraft {
        let tenant = Configuration.Tenant(
            name: reader.tenantName(statement.words[1]) ?? "",
            hosts: [],
            upstream: 0,
            position: statement.words[1].position
        )
        var draft = TenantDraft(tenant: tenant)
        let block = statement.block ?? []
        grammar.read(block, into: &draft, &reader, owner: statement.position)
        return draft
    }

    /// What the tenant asks of proofs, and the origins that its `origin` lines name.
    func resolvedProofs(
        ports: [UInt16],
        _ reader: inout StatementReader
    ) -> (rules: Configuration.ProofRules, origins: [String]) {
        let lines = proofs.joined(tokens?.proofs ?? ProofsDraft(), &reader)
        let origins = lines.origins.map(\.path)
        if tokens == nil {
            lines.reportWithoutTokens(&reader)
            return (Configuration.ProofRules(), origins)
        }
        return (lines.rules(hosts: tenant.hosts.map(\.name), ports: ports, &reader), origins)
    }

    /// Keeps `route NAME { ... }` for the policy compiler.
    private mutating func readRoute(_ statement: Statement, _ reader: inout StatementReader) {
        let name = statement.words[1]
        if let first = tenant.routes.first(where: { $0.words[1].text == name.text }) {
            reader.reportRepeated(name, first: first.words[1].position)
        }
        tenant.routes.append(statement)
    }
}
