import Policy

/// A tenant while it is being read: its upstream is still a word.
struct TenantDraft {
    var tenant: Configuration.Tenant
    var upstream: Word?
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
                draft.tenant.tokens = TokensDraft.read(statement, &reader)
            },
            StatementRule("route NAME", .repeatable, block: .required) { $0.readRoute($1, &$2) },
        ],
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

    /// Keeps `route NAME { ... }` for the policy compiler.
    private mutating func readRoute(_ statement: Statement, _ reader: inout StatementReader) {
        let name = statement.words[1]
        if let first = tenant.routes.first(where: { $0.words[1].text == name.text }) {
            reader.reportRepeated(name, first: first.words[1].position)
        }
        tenant.routes.append(statement)
    }
}
