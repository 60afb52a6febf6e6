import Policy

extension Configuration.Upstream {
    /// The statements of an `upstream` block.
    static let grammar = Grammar<Self>(
        "an `upstream` block",
        [
            StatementRule("server URL", .requiredRepeatable) { upstream, statement, reader in
                if let server = reader.server(statement.words[1]) {
                    upstream.servers.append(server)
                }
            },
            StatementRule("ca FILE") { upstream, statement, reader in
                upstream.caPath = reader.path(statement.words[1])
                upstream.caPosition = statement.words[1].position
            },
            .milliseconds("connect-timeout", \.connectTimeoutMilliseconds, in: 1...300_000),
            .milliseconds("response-timeout", \.responseTimeoutMilliseconds, in: 1...86_400_000),
            StatementRule("host NAME") { $0.host = $2.authority($1.words[1]) },
            StatementRule("header NAME VALUE...", .repeatable) { $0.readHeader($1, &$2) },
        ],
        elsewhere: KeywordHomes.homes
    )

    /// Reads `upstream NAME { ... }`.
    static func read(_ statement: Statement, _ reader: inout StatementReader) -> Self {
        var upstream = Self(
            name: reader.upstreamName(statement.words[1]) ?? "",
            servers: [],
            position: statement.words[1].position
        )
        let block = statement.block ?? []
        grammar.read(block, into: &upstream, &reader, owner: statement.position)
        return upstream
    }

    /// Reads `header NAME VALUE...`.
    private mutating func readHeader(_ statement: Statement, _ reader: inout StatementReader) {
        guard let name = reader.headerName(statement.words[1]) else { return }
        let key = HeaderName.folded(name)
        if headers.contains(where: { HeaderName.folded($0.name) == key }) {
            reader.report(
                "header `\(statement.words[1].shown)` is given twice",
                at: statement.words[1]
            )
        }
        guard let value = reader.headerValue(statement.words[2...]) else { return }
        headers.append(Configuration.HeaderLine(name: name, value: value))
    }
}
