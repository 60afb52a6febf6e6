import Policy

// The words of a `header` line.
extension StatementReader {
    /// Reads the name of a header that a configuration may set.
    mutating func headerName(_ word: Word) -> String? {
        guard !word.isFaulty else { return nil }
        guard HeaderName.isToken(word.text) else {
            report("`\(word.shown)` is no header name", at: word)
            return nil
        }
        if let fault = HeaderName.fault(of: word.text) {
            report("header `\(word.shown)` \(fault)", at: word)
            return nil
        }
        return word.text
    }

    /// Reads the value of a header: words joined by one space, placeholders in braces.
    mutating func headerValue(_ words: ArraySlice<Word>) -> [Configuration.HeaderPiece]? {
        guard !words.contains(where: \.isFaulty) else { return nil }
        var text = HeaderValueText(words)
        var isFaulty = false
        var pieces: [Configuration.HeaderPiece] = []
        while let part = text.next() {
            switch part {
            case .literal(let literal): pieces.append(.literal(literal))
            case .placeholder(let names, let word):
                if let piece = placeholder(names, word) {
                    pieces.append(piece)
                } else {
                    isFaulty = true
                }
            case .fault(let message, let word):
                report(message, at: word)
                isFaulty = true
            }
        }
        if pieces.isEmpty, !isFaulty, let word = words.first, word.shown != "\"\"" {
            report("`\(word.shown)` is empty", at: word)
            return nil
        }
        return isFaulty ? nil : pieces
    }

    private static let placeholders: [String: Configuration.HeaderPiece] = [
        "subject": .subject, "tenant": .tenant, "client": .client, "roles": .roles,
        "request-id": .requestID,
    ]

    /// Reads what stands between two braces.
    private mutating func placeholder(
        _ names: [String],
        _ word: Word
    ) -> Configuration.HeaderPiece? {
        let name = names.first ?? ""
        if name == "claim" {
            if names.count > 1 { return .claim(path: Array(names.dropFirst())) }
            report("`{claim}` names no claim; wanted `{claim NAME...}`", at: word)
            return nil
        }
        if let piece = Self.placeholders[name] {
            if names.count == 1 { return piece }
            report("nothing may follow the name in `{\(name)}`", at: word)
            return nil
        }
        let known = Self.placeholders.keys.sorted() + ["claim"]
        report(
            "unknown placeholder in `\(word.shown)`",
            at: word,
            suggestion: NearestWord.of(name, among: known).map { "{\($0)}" }
        )
        return nil
    }
}
