import Policy

extension Configuration.Listener {
    /// The statements of a `listen` block.
    static let grammar = Grammar<Self>(
        "a `listen` block",
        [
            StatementRule("certificate CHAIN KEY", .requiredRepeatable) {
                $0.certificates.append(.read($1, &$2))
            },
            .toggle("session-tickets", \.sessionTickets),
            .choice(
                "client-certificates",
                \.clientCertificates,
                ["request": .request, "require": .require]
            ),
            StatementRule("client-ca FILE") { listener, statement, reader in
                listener.clientCAPath = reader.path(statement.words[1])
                listener.clientCAPosition = statement.words[1].position
            },
        ],
        elsewhere: KeywordHomes.homes
    )

    /// Reads `listen ADDRESS:PORT { ... }`.
    static func read(_ statement: Statement, _ reader: inout StatementReader) -> Self {
        var listener = Self(
            address: reader.address(statement.words[1]) ?? .unread,
            certificates: [],
            position: statement.words[1].position
        )
        let block = statement.block ?? []
        grammar.read(block, into: &listener, &reader, owner: statement.position)
        let asks = block.contains { $0.keyword.text == "client-certificates" }
        if !asks, let word = block.first(where: { $0.keyword.text == "client-ca" })?.keyword {
            reader.report(
                "`client-ca` stands without a line `client-certificates request|require`",
                at: word
            )
        }
        return listener
    }
}

extension Configuration.Listener {
    /// Which certificates of clients are asked for and taken.
    var clientTrust: ClientTrust {
        ClientTrust(mode: clientCertificates, authoritiesPath: clientCAPath)
    }
}

extension Configuration.Admin {
    /// The statements of an `admin` block.
    static let grammar = Grammar<Self>(
        "an `admin` block",
        [
            StatementRule("certificate CHAIN KEY") { $0.certificate = .read($1, &$2) },
            StatementRule("token TOKEN") { $0.token = $2.adminToken($1.words[1]) },
        ],
        elsewhere: KeywordHomes.homes
    )

    /// Reads `admin ADDRESS:PORT` and its block, which may be left out on a loopback address.
    static func read(_ statement: Statement, _ reader: inout StatementReader) -> Self {
        let word = statement.words[1]
        let address = reader.address(word)
        var admin = Self(address: address ?? .unread, position: word.position)
        let block = statement.block ?? []
        grammar.read(block, into: &admin, &reader, owner: statement.position)
        let keywords = block.map(\.keyword.text)
        let isGuarded = keywords.contains("certificate") && keywords.contains("token")
        if let address, !address.isLoopback, !isGuarded {
            reader.report(
                "`\(word.shown)` is no loopback address: the block needs a `certificate` and a"
                    + " `token` line",
                at: word
            )
        }
        return admin
    }
}

extension Configuration.CertificateFiles {
    /// Reads `certificate CHAIN KEY`.
    static func read(_ statement: Statement, _ reader: inout StatementReader) -> Self {
        let chain = reader.path(statement.words[1])
        let key = reader.path(statement.words[2])
        return Self(
            chainPath: chain ?? "",
            keyPath: key ?? "",
            position: statement.words[1].position,
            keyPosition: statement.words[2].position
        )
    }
}

extension StatementReader {
    /// Reads a bearer token: characters that a header can carry, at least one.
    fileprivate mutating func adminToken(_ word: Word) -> String? {
        guard let token = text(word) else { return nil }
        guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            report("a token holds only visible ASCII characters", at: word)
            return nil
        }
        return token
    }
}
