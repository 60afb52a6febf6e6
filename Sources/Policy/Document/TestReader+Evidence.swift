extension TestReader {
    /// The words that may follow `expect` and its word.
    static let evidenceWords = ["event", "header"]

    /// Reads `event FAMILY` or `header NAME VALUE`.
    mutating func readEvidence(_ keyword: Word) throws(Diagnostic) {
        let values = line.words[(index + 1)...]
        let wanted = keyword.isBare("event") ? 1 : keyword.isBare("header") ? 2 : 0
        guard wanted > 0 else {
            throw Diagnostic(
                "only `event` and `header` follow `expect` and its word",
                at: keyword.position
            )
        }
        guard values.count >= wanted else {
            let usage = wanted == 1 ? "event FAMILY" : "header NAME VALUE"
            throw Diagnostic("`\(keyword.text)` wants `\(usage)`", at: keyword.position)
        }
        let first = values[index + 1]
        if wanted == 1 {
            guard test.event == nil else {
                throw Diagnostic("`event` stands twice in a test", at: keyword.position)
            }
            test.event = first.text
        } else {
            test.headers.append((try Self.header(first), values[index + 2].text))
        }
        index += 1 + wanted
    }

    private static func header(_ word: Word) throws(Diagnostic) -> PolicyTest.Header {
        let known = PolicyTest.Header.allCases
        if let header = known.first(where: { $0.rawValue.lowercased() == word.text.lowercased() }) {
            return header
        }
        throw Diagnostic(
            "unknown header `\(word.shown)`: a test knows \(known.map(\.rawValue).joined(separator: ", "))",
            at: word.position,
            suggestion: NearestWord.of(word.text, among: known.map(\.rawValue))
        )
    }
}
