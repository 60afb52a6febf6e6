/// Reads `allow` and `deny` lines: clauses joined by `and`.
enum RuleLineReader {
    private static let known = ["any", "role", "group", "scope", "claim", "client", "from"]

    /// The grammar of the two lines, for a block whose rule lines are at `lines`.
    static func rules<Target>(
        _ lines: any WritableKeyPath<Target, RuleLines> & Sendable
    ) -> [StatementRule<Target>] {
        [
            StatementRule("allow CONDITION...", .repeatable) { target, line, reader in
                target[keyPath: lines].saysAllow = true
                guard let rule = read(line, &reader) else { return }
                target[keyPath: lines].allows.append(rule)
            },
            StatementRule("deny CONDITION...", .repeatable) { target, line, reader in
                target[keyPath: lines].saysDeny = true
                guard let rule = read(line, &reader) else { return }
                target[keyPath: lines].denies.append(rule)
            },
        ]
    }

    /// Reads one line and reports the first thing that is wrong with it.
    private static func read(_ line: Statement, _ reader: inout StatementReader) -> RuleLine? {
        guard !line.words.contains(where: \.isFaulty) else { return nil }
        do throws(Diagnostic) {
            return try read(line)
        } catch {
            reader.report(error)
            return nil
        }
    }

    private static func read(_ line: Statement) throws(Diagnostic) -> RuleLine {
        var rule = RuleLine(position: line.position)
        if line.arguments.count == 1, line.words[1].isBare("any") { return rule }
        let parts = line.arguments.split(omittingEmptySubsequences: false) { $0.isBare("and") }
        for part in parts {
            guard let first = part.first else {
                throw Diagnostic("a condition stands on both sides of `and`", at: line.position)
            }
            rule.clauses.append(try clause(first, part.dropFirst()))
            if first.text == "role" { rule.roles += part.dropFirst() }
            if first.text == "group" { rule.groups += part.dropFirst() }
        }
        return rule
    }

    /// Reads what stands between two `and`s: conditions of which any suffices.
    private static func clause(
        _ keyword: Word,
        _ values: ArraySlice<Word>
    ) throws(Diagnostic) -> [Condition] {
        switch keyword.text {
        case "role", "group":
            return try list(keyword, values).map { .role($0.text) }
        case "client":
            return try list(keyword, values).map { .client($0.text) }
        case "scope":
            return [.scope(try scope(keyword, values).text)]
        case "claim":
            return try claim(keyword, values)
        case "from":
            return try ranges(keyword, values)
        case "any":
            throw Diagnostic("`any` is the whole condition or none of it", at: keyword.position)
        default:
            throw Diagnostic(
                "unknown word `\(keyword.shown)` in a condition",
                at: keyword.position,
                suggestion: NearestWord.of(keyword.text, among: known)
            )
        }
    }

    /// One or more values; a bare keyword among them is a forgotten `and`.
    private static func list(
        _ keyword: Word,
        _ values: ArraySlice<Word>
    ) throws(Diagnostic) -> ArraySlice<Word> {
        guard !values.isEmpty else {
            throw Diagnostic("`\(keyword.text)` needs a value", at: keyword.position)
        }
        for word in values where word.text.isEmpty {
            throw Diagnostic("a \(keyword.text) is not empty", at: word.position)
        }
        for word in values where !word.isQuoted && known.contains(word.text) {
            throw Diagnostic(
                "`\(word.shown)` begins another condition: `and` belongs before it",
                at: word.position
            )
        }
        return values
    }

    /// One scope: a list could be read as all of them or any of them.
    private static func scope(
        _ keyword: Word,
        _ values: ArraySlice<Word>
    ) throws(Diagnostic) -> Word {
        let values = try list(keyword, values)
        if let extra = values.dropFirst().first {
            throw Diagnostic(
                "`scope` takes one scope: join two with `and scope`, or write two lines",
                at: extra.position
            )
        }
        guard let scope = values.first, scope.isScope else {
            throw Diagnostic("a scope has no space, quote or backslash", at: keyword.position)
        }
        return scope
    }

    /// `PATH... equals VALUE`, `PATH... contains VALUE` or `PATH... one-of VALUE...`.
    private static func claim(
        _ keyword: Word,
        _ values: ArraySlice<Word>
    ) throws(Diagnostic) -> [Condition] {
        let tests = ["equals", "contains", "one-of"]
        let operation = values.firstIndex { !$0.isQuoted && tests.contains($0.text) }
        guard let operation, operation > values.startIndex, operation + 1 < values.endIndex else {
            throw Diagnostic(
                "`claim` takes a path, then `equals`, `contains` or `one-of`, then what is wanted",
                at: keyword.position
            )
        }
        let path = values[..<operation].map(\.text)
        let wanted = values[(operation + 1)...]
        if values[operation].text == "one-of" {
            return wanted.map { .claim(path: path, .equals($0.text)) }
        }
        if let extra = wanted.dropFirst().first {
            throw Diagnostic(
                "`\(values[operation].text)` takes one value, `one-of` several",
                at: extra.position
            )
        }
        let value = wanted.first?.text ?? ""
        let test = values[operation].text == "equals" ? ClaimTest.equals(value) : .contains(value)
        return [.claim(path: path, test)]
    }

    /// Addresses and ranges of them.
    private static func ranges(
        _ keyword: Word,
        _ values: ArraySlice<Word>
    ) throws(Diagnostic) -> [Condition] {
        var conditions: [Condition] = []
        for word in try list(keyword, values) {
            do throws(AddressRange.Failure) {
                conditions.append(.from(try AddressRange(word.text)))
            } catch {
                switch error {
                case .notARange:
                    throw Diagnostic(
                        "`\(word.shown)` is neither an address nor a range such as `10.0.0.0/8`",
                        at: word.position
                    )
                case .hasHostBits(let meant):
                    throw Diagnostic(
                        "`\(word.shown)` has bits behind its prefix",
                        at: word.position,
                        suggestion: meant
                    )
                }
            }
        }
        return conditions
    }
}

extension StatementReader {
    /// Reports a fault that was found as a diagnostic.
    mutating func report(_ diagnostic: Diagnostic) {
        report(
            diagnostic.message,
            at: diagnostic.position,
            suggestion: diagnostic.suggestion,
            related: diagnostic.related
        )
    }
}

extension Word {
    /// Whether this is `text` without quotes, so that it can be a keyword.
    func isBare(_ text: String) -> Bool { !isQuoted && self.text == text }

    /// Whether this is a scope-token (RFC 6749 section 3.3).
    var isScope: Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x21...0x7E).contains(byte) && byte != 0x22 && byte != 0x5C
            }
    }
}
