import Policy

/// A `client` block of a tenant while it is being read.
struct ClientDraft {
    private var redirects: [(uri: RedirectURI, position: SourcePosition)] = []

    /// The statements of a `client` block.
    static let grammar = Grammar<ClientDraft>(
        "a `client` block",
        [
            StatementRule("redirect URI", .requiredRepeatable) { draft, line, reader in
                draft.readRedirect(line.words[1], &reader)
            }
        ],
        elsewhere: KeywordHomes.homes
    )

    /// Reads `client NAME { ... }` and adds it to the tenant's.
    static func read(
        _ statement: Statement,
        into clients: inout [RegisteredClient],
        _ reader: inout StatementReader
    ) {
        let name = statement.words[1]
        var draft = ClientDraft()
        grammar.read(statement.block ?? [], into: &draft, &reader, owner: statement.position)
        guard !name.isFaulty else { return }
        guard RegisteredClient.isIdentifier(name.text) else {
            reader.report(
                "`\(name.shown)` is no client: wanted 1 to \(RegisteredClient.identifierBytesMax) "
                    + "characters of ASCII",
                at: name
            )
            return
        }
        guard !clients.contains(where: { $0.identifier == name.text }) else {
            reader.report("client `\(name.shown)` is given twice in this tenant", at: name)
            return
        }
        clients.append(
            RegisteredClient(identifier: name.text, redirects: draft.redirects.map(\.uri))
        )
    }

    private mutating func readRedirect(_ word: Word, _ reader: inout StatementReader) {
        guard !word.isFaulty else { return }
        let uri: RedirectURI
        do throws(RedirectURI.Failure) {
            uri = try RedirectURI(word.text)
        } catch {
            reader.report("redirect URI `\(word.shown)` \(error.message)", at: word)
            return
        }
        if let first = redirects.first(where: { $0.uri == uri }) {
            reader.reportRepeated(word, first: first.position)
        } else if redirects.count == RegisteredClient.redirectsMax {
            reader.report("more than \(RegisteredClient.redirectsMax) redirect URIs", at: word)
        } else {
            redirects.append((uri, word.position))
        }
    }
}
