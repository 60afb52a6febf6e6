extension StatementReader {
    /// Reads a duration such as `30s`, in milliseconds.
    public mutating func milliseconds(_ word: Word, in range: ClosedRange<Int>) -> Int? {
        guard !word.isFaulty else { return nil }
        do {
            let span = try TimeSpan(parsing: word.text)
            guard range.contains(span.milliseconds) else {
                let low = TimeSpan(milliseconds: range.lowerBound)
                let high = TimeSpan(milliseconds: range.upperBound)
                report("`\(word.shown)` is not between \(low) and \(high)", at: word)
                return nil
            }
            return span.milliseconds
        } catch {
            report(error, word, wanted: "a duration such as 250ms, 30s, 5m, 24h or 30d")
            return nil
        }
    }

    /// Reads a duration of whole seconds such as `30s`, in seconds.
    public mutating func seconds(_ word: Word, in range: ClosedRange<Int>) -> Int? {
        let bounds = range.lowerBound * 1_000...range.upperBound * 1_000
        guard let milliseconds = milliseconds(word, in: bounds) else { return nil }
        guard milliseconds % 1_000 == 0 else {
            report("`\(word.shown)` is not a whole number of seconds", at: word)
            return nil
        }
        return milliseconds / 1_000
    }

    /// Reads a size such as `8KB`, in bytes.
    public mutating func bytes(_ word: Word, in range: ClosedRange<Int>) -> Int? {
        guard !word.isFaulty else { return nil }
        do {
            let size = try ByteSize(parsing: word.text)
            guard range.contains(size.bytes) else {
                let low = ByteSize(bytes: range.lowerBound)
                let high = ByteSize(bytes: range.upperBound)
                report("`\(word.shown)` is not between \(low) and \(high)", at: word)
                return nil
            }
            return size.bytes
        } catch {
            report(error, word, wanted: "a size such as 512B, 8KB, 1MB or 20GB")
            return nil
        }
    }

    /// Reads a whole number.
    public mutating func integer(_ word: Word, in range: ClosedRange<Int>) -> Int? {
        guard !word.isFaulty else { return nil }
        let isDecimal = word.text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isDecimal, !word.text.isEmpty else {
            report("`\(word.shown)` is not a whole number", at: word)
            return nil
        }
        guard let value = Int(word.text), range.contains(value) else {
            let bounds = "\(range.lowerBound) and \(range.upperBound)"
            report("`\(word.shown)` is not between \(bounds)", at: word)
            return nil
        }
        return value
    }

    /// Reads one of several words.
    public mutating func choice<Value>(
        _ word: Word,
        _ choices: KeyValuePairs<String, Value>
    ) -> Value? {
        guard !word.isFaulty else { return nil }
        if let found = choices.first(where: { $0.key == word.text }) { return found.value }
        let names = choices.map(\.key)
        report(
            "`\(word.shown)` is not \(Self.alternatives(names))",
            at: word,
            suggestion: NearestWord.of(word.text, among: names)
        )
        return nil
    }

    /// Reads `on` or `off`.
    public mutating func isOn(_ word: Word) -> Bool? {
        choice(word, ["on": true, "off": false])
    }

    /// Reads a path: what it leads to from the folder of the file that names it.
    public mutating func path(_ word: Word) -> String? {
        guard !word.isFaulty else { return nil }
        guard !word.text.isEmpty, !word.text.utf8.contains(0) else {
            report("`\(word.shown)` is not a path", at: word)
            return nil
        }
        return sources.resolve(word.text, in: word.position.file)
    }

    /// Reads a word that may not be empty.
    public mutating func text(_ word: Word) -> String? {
        guard !word.isFaulty else { return nil }
        guard !word.text.isEmpty else {
            report("`\(word.shown)` is empty", at: word)
            return nil
        }
        return word.text
    }

    /// Several words as `a`, `b` or `c`, each in backticks.
    public static func alternatives(_ words: [String]) -> String {
        let quoted = words.map { "`\($0)`" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
        return quoted.dropLast().joined(separator: ", ") + " or " + last
    }

    private mutating func report(_ failure: Quantity.Failure, _ word: Word, wanted: String) {
        switch failure {
        case .noNumber: report("`\(word.shown)` is not \(wanted)", at: word)
        case .noUnit: report("`\(word.shown)` has no unit; wanted \(wanted)", at: word)
        case .tooLarge: report("`\(word.shown)` is too large", at: word)
        case .unknownUnit(let nearest):
            report(
                "`\(word.shown)` has an unknown unit; wanted \(wanted)",
                at: word,
                suggestion: nearest
            )
        }
    }
}
