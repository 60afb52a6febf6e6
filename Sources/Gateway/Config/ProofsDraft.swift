import Policy

/// What the `dpop` and `origin` lines of one block, or of several, say.
struct ProofsDraft {
    /// The line that says whether proofs are taken.
    var mode: (value: Configuration.ProofRules.Mode, keyword: Word)?

    /// The keyword of `dpop nonce required`.
    var nonce: Word?

    /// External origins in their one spelling, with the words that name them.
    var origins: [Configuration.NamedPath] = []

    /// Whether a line could not be read, so that nothing is said of one that seems to be missing.
    var isFaulty = false
}

extension ProofsDraft {
    /// The statements, which may stand in `tokens` and in `tenant`.
    static func rules<Target>(
        _ property: any WritableKeyPath<Target, ProofsDraft> & Sendable
    ) -> [StatementRule<Target>] {
        [
            StatementRule("dpop require|accept|refuse|nonce [required]", .repeatable) {
                $0[keyPath: property].readProofs($1, &$2)
            },
            StatementRule("origin https://HOST[:PORT]", .repeatable) { target, statement, reader in
                let word = statement.words[1]
                guard let origin = reader.origin(word) else {
                    target[keyPath: property].isFaulty = true
                    return
                }
                target[keyPath: property].origins.append(
                    Configuration.NamedPath(path: origin, position: word.position)
                )
            },
        ]
    }

    /// Reads `dpop require|accept|refuse` or `dpop nonce required`.
    private mutating func readProofs(_ statement: Statement, _ reader: inout StatementReader) {
        let word = statement.words[1]
        guard !word.isFaulty else {
            isFaulty = true
            return
        }
        if word.text == "nonce" { return readNonce(statement, &reader) }
        if statement.words.count > 2 {
            let extra = statement.words[2]
            reader.report("unexpected `\(extra.shown)`; wanted `dpop \(word.shown)`", at: extra)
        }
        typealias Mode = Configuration.ProofRules.Mode
        let modes = Dictionary(uniqueKeysWithValues: Mode.allCases.map { ($0.rawValue, $0) })
        guard let value = modes[word.text] else {
            isFaulty = true
            let known = Mode.allCases.map(\.rawValue) + ["nonce"]
            return reader.report(
                "`\(word.shown)` is not \(StatementReader.alternatives(known))",
                at: word,
                suggestion: NearestWord.of(word.text, among: known)
            )
        }
        if let mode {
            return reader.reportRepeated(statement.keyword, first: mode.keyword.position)
        }
        mode = (value, statement.keyword)
    }

    private mutating func readNonce(_ statement: Statement, _ reader: inout StatementReader) {
        guard statement.words.count == 3 else {
            isFaulty = true
            return reader.report("`dpop nonce` wants `dpop nonce required`", at: statement.words[1])
        }
        reader.expect("required", statement.words[2], "dpop nonce required")
        if let nonce { return reader.reportRepeated(statement.keyword, first: nonce.position) }
        nonce = statement.keyword
    }
}

extension ProofsDraft {
    /// These lines and those of another block of the same tenant; reports what is said twice.
    func joined(_ other: ProofsDraft, _ reader: inout StatementReader) -> ProofsDraft {
        var both = self
        if let mode, let second = other.mode {
            Self.reportRepeated(mode.keyword, second.keyword, &reader)
        }
        if let nonce, let second = other.nonce { Self.reportRepeated(nonce, second, &reader) }
        both.mode = mode ?? other.mode
        both.nonce = nonce ?? other.nonce
        both.origins = (origins + other.origins).sorted { $0.position < $1.position }
        both.isFaulty = isFaulty || other.isFaulty
        let names = both.origins.map { ($0.path, $0.position) }
        ConfigurationDraft.checkUnique(names, "origin", &reader)
        return both
    }

    private static func reportRepeated(
        _ one: Word,
        _ other: Word,
        _ reader: inout StatementReader
    ) {
        let words = [one, other].sorted { $0.position < $1.position }
        reader.reportRepeated(words[1], first: words[0].position)
    }

    /// Reports lines of a tenant that takes no tokens.
    func reportWithoutTokens(_ reader: inout StatementReader) {
        for keyword in [mode?.keyword, nonce].compactMap(\.self) {
            reader.report("`dpop` stands in a tenant without a `tokens` block", at: keyword)
        }
    }

    /// What is asked of proofs in a tenant with the hosts and listener ports given.
    ///
    /// A proof names the origin that the client called. Without an `origin` line that is any exact
    /// host of the tenant, on port 443 or on that of a listener; where every host is a pattern no
    /// proof can be checked, and none is taken.
    func rules(
        hosts: [String],
        ports: [UInt16],
        _ reader: inout StatementReader
    ) -> Configuration.ProofRules {
        var rules = Configuration.ProofRules()
        rules.mode = mode?.value ?? .accept
        rules.wantsNonce = nonce != nil
        rules.isAnnounced = mode != nil || nonce != nil
        if let nonce, rules.mode == .refuse {
            reader.report("no nonce can be required where proofs are refused", at: nonce)
        }
        rules.origins = origins.isEmpty ? Self.origins(hosts, ports) : origins.map(\.path)
        guard rules.origins.isEmpty, rules.mode != .refuse else { return rules }
        if let keyword = mode?.keyword ?? nonce, !hosts.isEmpty, !isFaulty {
            reader.report(
                "a proof names the origin that was called, and every host of the tenant is a"
                    + " pattern: add a line `origin https://HOST`",
                at: keyword
            )
        }
        rules.mode = .refuse
        return rules
    }

    private static func origins(_ hosts: [String], _ ports: [UInt16]) -> [String] {
        hosts.filter { !$0.hasPrefix("*") }.flatMap { host in
            ["https://\(host)"] + ports.filter { $0 != 443 }.map { "https://\(host):\($0)" }
        }
    }
}
