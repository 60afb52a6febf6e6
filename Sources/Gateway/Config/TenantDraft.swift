import Policy

/// A tenant while it is being read: its upstream is still a word.
struct TenantDraft {
    var tenant: Configuration.Tenant
    var upstream: Word?
    var tokens: TokensDraft?

    /// The `dpop` and `origin` lines outside of the `tokens` block.
    var proofs = ProofsDraft()

    /// The lines of the `route` blocks of all tenants, while this one is read.
    private var sharedLines = SharedRuleLines()

    private init(_ tenant: Configuration.Tenant) { self.tenant = tenant }
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
            StatementRule("route NAME", .repeatable, block: .required) { draft, line, reader in
                draft.tenant.routes.read(line, sharing: &draft.sharedLines, &reader)
            },
            StatementRule("client NAME", .repeatable, block: .required) { draft, line, reader in
                ClientDraft.read(line, into: &draft.tenant.clients, &reader)
            },
        ] + Configuration.Tenant.stateRules + ProofsDraft.rules(\.proofs),
        elsewhere: KeywordHomes.homes
    )

    /// Reads `tenant NAME { ... }`.
    static func read(
        _ statement: Statement,
        sharing lines: inout SharedRuleLines,
        _ reader: inout StatementReader
    ) -> TenantDraft {
        let tenant = Configuration.Tenant(
            name: reader.tenantName(statement.words[1]) ?? "",
            hosts: [],
            upstream: 0,
            position: statement.words[1].position
        )
        var draft = TenantDraft(tenant)
        let block = statement.block ?? []
        swap(&draft.sharedLines, &lines)
        grammar.read(block, into: &draft, &reader, owner: statement.position)
        swap(&draft.sharedLines, &lines)
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
}
