import Policy

// The words of a `tokens` block.
extension StatementReader {
    /// Reports a word that is not the fixed one which the usage has in its place.
    mutating func expect(_ fixed: String, _ word: Word, _ usage: String) {
        guard word.text != fixed else { return }
        report(
            "`\(word.shown)` stands where `\(fixed)` should; wanted `\(usage)`",
            at: word,
            suggestion: NearestWord.of(word.text, among: [fixed])
        )
    }

    /// Reads the path of `KEYWORD claim NAME...`.
    mutating func claimPath(_ words: [Word], in keyword: String) -> [String] {
        expect("claim", words[1], "\(keyword) claim NAME...")
        return words[2...].compactMap { text($0) }
    }

    /// Reads signature algorithms, none of them symmetric.
    mutating func algorithms(_ words: ArraySlice<Word>) -> Set<SignatureAlgorithm> {
        var algorithms: Set<SignatureAlgorithm> = []
        for word in words {
            if let algorithm = SignatureAlgorithm(rawValue: word.text) {
                algorithms.insert(algorithm)
            } else {
                reportAlgorithm(word)
            }
        }
        return algorithms
    }

    private mutating func reportAlgorithm(_ word: Word) {
        switch word.text.uppercased() {
        case "HS256", "HS384", "HS512":
            report(
                "`\(word.shown)` is symmetric: whoever can verify a token could also make one",
                at: word
            )
        case "NONE":
            report(
                "`\(word.shown)` means that tokens are not signed: anybody could make one",
                at: word
            )
        default:
            let known = SignatureAlgorithm.allCases.map(\.rawValue)
            reportUnknown("algorithm", word, among: known)
        }
    }

    /// Reads where keys are: `file:PATH`, an https URL, or an http URL on this machine.
    mutating func keySource(_ word: Word) -> Configuration.KeySource? {
        guard let text = text(word) else { return nil }
        if text.hasPrefix("file:") {
            let path = String(text.dropFirst("file:".count))
            guard !path.isEmpty, !path.hasPrefix("//") else {
                report("`\(word.shown)` names no file; wanted `file:PATH`", at: word)
                return nil
            }
            return .file(sources.resolve(path, in: word.position.file))
        }
        guard let url = URLParts(text) else {
            let wanted = "`\(word.shown)` is neither `file:PATH` nor a URL"
            report(wanted, at: word, suggestion: "file:" + text)
            return nil
        }
        if let fault = url.fault(asPlaceOf: "keys") {
            report(fault, at: word)
            return nil
        }
        return .url(text)
    }

    /// Reports an issuer from which no keys can be discovered.
    mutating func checkDiscovery(_ issuer: Word) {
        guard let url = URLParts(issuer.text) else {
            report(
                "`\(issuer.shown)` is no URL to discover keys from: add a `keys` line",
                at: issuer
            )
            return
        }
        let isPlain = !url.tail.contains("?") && !url.tail.contains("#")
        let fault =
            isPlain ? url.fault(asPlaceOf: "keys") : "an issuer to discover keys from has no query"
        if let fault { report(fault + ": correct it or add a `keys` line", at: issuer) }
    }
}
