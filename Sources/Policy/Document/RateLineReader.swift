/// Reads the `rate` lines of a route or a set of routes.
enum RateLineReader {
    /// One line, and where it stands.
    struct Line: Sendable {
        let limit: RateLimit
        let position: SourcePosition
    }

    /// The statement, for a block whose lines are at `lines`.
    static func rules<Target>(
        _ lines: any WritableKeyPath<Target, [Line]> & Sendable
    ) -> [StatementRule<Target>] {
        [
            StatementRule(
                "rate NUMBER/s|m|h [burst NUMBER] by address|tenant|client",
                .repeatable
            ) { target, line, reader in
                guard let limit = limit(line, &reader) else { return }
                if let first = target[keyPath: lines].first(where: { $0.limit.key == limit.key }) {
                    let word = line.words[line.words.count - 1]
                    return reader.reportRepeated(word, first: first.position)
                }
                target[keyPath: lines].append(Line(limit: limit, position: line.position))
            }
        ]
    }

    /// Reports lines that ask for a client where no token is looked at.
    static func check(_ route: RouteDeclaration, _ reader: inout StatementReader) {
        guard route.access != .authorized,
            let line = route.rates.first(where: { $0.limit.key == .client })
        else { return }
        reader.report(
            "route `\(route.name.shown)` looks at no token: wanted `by address` or `by tenant`",
            at: line.position
        )
    }

    /// Reads `rate NUMBER/UNIT [burst NUMBER] by KEY`.
    private static func limit(_ line: Statement, _ reader: inout StatementReader) -> RateLimit? {
        let words = line.words
        guard !words.contains(where: \.isFaulty) else { return nil }
        let hasBurst = words[2].isBare("burst")
        guard words.count == (hasBurst ? 6 : 4), words[words.count - 2].isBare("by") else {
            reader.report("wanted `rate 20/s burst 40 by address`", at: words[2])
            return nil
        }
        let keys: KeyValuePairs<String, RateLimit.Key> = [
            "address": .address, "tenant": .tenant, "client": .client,
        ]
        guard let (count, period) = rate(words[1], &reader),
            let key = reader.choice(words[words.count - 1], keys)
        else { return nil }
        var burst = count
        if hasBurst {
            guard let number = reader.integer(words[3], in: 1...RateLimit.countMax) else {
                return nil
            }
            burst = number
        }
        guard let limit = RateLimit(count: count, period: period, burst: burst, key: key) else {
            let days = RateLimit.refillSecondsMax / 86_400
            reader.report("the burst would take more than \(days)d to come again", at: words[1])
            return nil
        }
        return limit
    }

    private static func rate(
        _ word: Word,
        _ reader: inout StatementReader
    ) -> (count: Int, period: RateLimit.Period)? {
        let parts = word.text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let period = RateLimit.Period(rawValue: String(parts[1])),
            !parts[0].isEmpty, parts[0].allSatisfy({ $0.isASCII && $0.isNumber })
        else {
            reader.report("`\(word.shown)` is not a rate such as 20/s, 100/m or 1000/h", at: word)
            return nil
        }
        guard let count = Int(parts[0]), (1...RateLimit.countMax).contains(count) else {
            reader.report("`\(word.shown)` is not between 1 and \(RateLimit.countMax)", at: word)
            return nil
        }
        return (count, period)
    }
}
