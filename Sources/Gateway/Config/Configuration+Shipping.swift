import Policy

extension Configuration {
    /// A receiver outside of this machine that gets every event of the journal.
    struct Shipper: Hashable, Sendable {
        var name: String
        var receiver: Receiver?

        /// Sent with every batch; the values are never in a message, log, event or metric.
        var headers: [Header] = []

        /// Certificate authorities for https; `nil` is the system's store.
        var authorities: NamedPath?
        var eventsMax = 1_000

        /// What the lines of a batch take in the journal.
        var bytesMax = 1_048_576

        /// How long events wait for others to go with.
        var intervalMilliseconds = 1_000

        /// For one batch, from the look-up of the name to the end of the answer.
        var timeoutMilliseconds = 30_000

        /// How long it waits after the first failure; twice as long after each further one.
        var retryMilliseconds = 1_000
        var retryMillisecondsMax = 60_000
        var position: SourcePosition

        /// The most shippers of a gateway: each has a thread of its own.
        static let countMax = 16
    }
}

extension Configuration.Shipper {
    /// Where events go, and in which format.
    enum Receiver: Hashable, Sendable {
        case otlp(url: String)
        case clickHouse(url: String, table: String)
        case ndjson(url: String)
    }

    struct Header: Hashable, Sendable {
        var name: String
        var value: String
    }

    /// The statements of a `ship` block.
    static let grammar = Grammar<Self>(
        "a `ship` block",
        [
            StatementRule("otlp URL") { shipper, statement, reader in
                guard let url = reader.receiver(statement.words[1]) else { return }
                // The path of the specification, unless another is named.
                let isBare = URLParts(url)?.tail.isEmpty ?? false
                shipper.take(.otlp(url: isBare ? url + "/v1/logs" : url), statement, &reader)
            },
            StatementRule("clickhouse URL TABLE") { shipper, statement, reader in
                guard let url = reader.receiver(statement.words[1]),
                    let table = reader.table(statement.words[2])
                else { return }
                shipper.take(.clickHouse(url: url, table: table), statement, &reader)
            },
            StatementRule("ndjson URL") { shipper, statement, reader in
                guard let url = reader.receiver(statement.words[1]) else { return }
                shipper.take(.ndjson(url: url), statement, &reader)
            },
            StatementRule("header NAME VALUE...", .repeatable) { $0.readHeader($1, &$2) },
            StatementRule("ca FILE") { shipper, statement, reader in
                let word = statement.words[1]
                shipper.authorities = reader.path(word).map {
                    .init(path: $0, position: word.position)
                }
            },
            .integer("batch", \.eventsMax, in: 1...100_000),
            .bytes("batch-size", \.bytesMax, in: 16_384...16_777_216),
            .milliseconds("interval", \.intervalMilliseconds, in: 10...3_600_000),
            .milliseconds("timeout", \.timeoutMilliseconds, in: 10...600_000),
            .milliseconds("retry", \.retryMilliseconds, in: 10...3_600_000),
            .milliseconds("retry-max", \.retryMillisecondsMax, in: 10...3_600_000),
        ],
        elsewhere: KeywordHomes.homes
    )

    /// Reads `ship NAME { ... }`.
    static func read(_ statement: Statement, _ reader: inout StatementReader) -> Self {
        let word = statement.words[1]
        var shipper = Self(name: reader.upstreamName(word) ?? "", position: word.position)
        let block = statement.block ?? []
        grammar.read(block, into: &shipper, &reader, owner: statement.position)
        let hasReceiver = block.contains { Self.receivers.contains($0.keyword.text) }
        if !hasReceiver {
            reader.report(
                "a `ship` block needs a line `otlp URL`, `clickhouse URL TABLE` or `ndjson URL`",
                at: statement.position
            )
        }
        return shipper
    }

    private static let receivers: Set<String> = ["otlp", "clickhouse", "ndjson"]

    private mutating func take(
        _ receiver: Receiver,
        _ statement: Statement,
        _ reader: inout StatementReader
    ) {
        if self.receiver != nil {
            reader.report("a `ship` block names one receiver", at: statement.keyword)
        }
        self.receiver = receiver
    }

    /// Reads `header NAME VALUE...`.
    private mutating func readHeader(_ statement: Statement, _ reader: inout StatementReader) {
        let word = statement.words[1]
        guard let name = reader.headerName(word) else { return }
        let key = HeaderName.folded(name)
        if Self.ownHeaders.contains(key) {
            return reader.report("header `\(word.shown)` is set by the shipper itself", at: word)
        }
        if headers.contains(where: { HeaderName.folded($0.name) == key }) {
            reader.report("header `\(word.shown)` is given twice", at: word)
        }
        guard let pieces = reader.headerValue(statement.words[2...]) else { return }
        var value = ""
        for piece in pieces {
            guard case .literal(let text) = piece else {
                return reader.report(
                    "a placeholder stands for something of a request; a batch has none",
                    at: statement.words[2]
                )
            }
            value += text
        }
        headers.append(Header(name: name, value: value))
    }

    private static let ownHeaders: Set<String> = [
        "accept-encoding", "content-encoding", "content-type", "user-agent",
    ]
}

extension StatementReader {
    /// Reads the URL of a receiver: https, or http on this machine.
    fileprivate mutating func receiver(_ word: Word) -> String? {
        guard let text = text(word) else { return nil }
        guard let url = URLParts(text) else {
            report("`\(word.shown)` is no URL", at: word, suggestion: "https://" + text)
            return nil
        }
        let isOpen = url.scheme == "http" && !HostName.isLoopback(url.host)
        let fault =
            isOpen && HostName.isHostOrAddress(url.host)
            ? "events go over https, or over http to a loopback address"
            : url.fault(asPlaceOf: "events")
        if let fault {
            report(fault, at: word)
            return nil
        }
        return text
    }

    /// Reads the name of a table: `TABLE` or `DATABASE.TABLE`.
    fileprivate mutating func table(_ word: Word) -> String? {
        guard let text = text(word) else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isName = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
                && part.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
                    default: false
                    }
                }
        }
        guard isName, parts.count <= 2, text.utf8.count <= 127 else {
            report(
                "`\(word.shown)` is no table; wanted `TABLE` or `DATABASE.TABLE` of letters, "
                    + "digits and `_`",
                at: word
            )
            return nil
        }
        return text
    }
}

extension Configuration.Analytics {
    /// Reports shippers that cannot be: without a journal, too many, or two of one name.
    func checkShippers(_ reader: inout StatementReader) {
        guard let first = shippers.first else { return }
        if journal == nil {
            reader.report(
                "`ship` sends what is in the `journal`: there is none",
                at: first.position
            )
        }
        if shippers.count > Configuration.Shipper.countMax {
            reader.report(
                "there are at most \(Configuration.Shipper.countMax) `ship` blocks",
                at: shippers[Configuration.Shipper.countMax].position
            )
        }
        ConfigurationDraft.checkUnique(shippers.map { ($0.name, $0.position) }, "shipper", &reader)
        for shipper in shippers where shipper.retryMillisecondsMax < shipper.retryMilliseconds {
            reader.report("`retry-max` is shorter than `retry`", at: shipper.position)
        }
    }
}
