import Policy

// External origins, the introspection endpoint, and files named by several lines.
extension StatementReader {
    /// Reads `https://HOST[:PORT]` into its one spelling: lower-case, without the default port.
    ///
    /// http is taken on a loopback address only.
    mutating func origin(_ word: Word) -> String? {
        guard let text = text(word) else { return nil }
        guard let url = URLParts(text) else {
            report("`\(word.shown)` has no scheme", at: word, suggestion: "https://" + text)
            return nil
        }
        if url.hasUser {
            report("an origin has no user name or password", at: word)
            return nil
        }
        guard url.tail.isEmpty else {
            let suggestion = String(text.dropLast(url.tail.count))
            report("`\(word.shown)` has a path or a query", at: word, suggestion: suggestion)
            return nil
        }
        guard !url.hasFaultyPort else {
            report("`\(word.shown)` has no port between 1 and 65535", at: word)
            return nil
        }
        let host = url.host.lowercased()
        guard HostName.isAddress(host) || HostName.fault(of: host) == nil else {
            report("`\(word.shown)` names no host", at: word)
            return nil
        }
        guard url.scheme == "https" || url.scheme == "http" && HostName.isLoopback(host) else {
            report("`\(word.shown)` does not begin with `https://`", at: word)
            return nil
        }
        let authority = host.contains(":") ? "[\(host)]" : host
        let usual: UInt16 = url.scheme == "https" ? 443 : 80
        let port = url.port.flatMap { $0 == usual ? nil : ":\($0)" } ?? ""
        return "\(url.scheme)://\(authority)\(port)"
    }

    /// Reads `introspect URL client ID secret SECRET [cache DURATION]`.
    ///
    /// No message repeats a word that may be the secret.
    mutating func introspection(
        _ statement: Statement,
        _ usage: String
    ) -> Configuration.Introspection? {
        let words = statement.words
        guard !words[1].isFaulty else { return nil }
        guard words[2].text == "client", words[4].text == "secret",
            words.count == 6 || words.count == 8 && words[6].text == "cache"
        else {
            report("`introspect` wants `\(usage)`", at: statement.keyword)
            return nil
        }
        let url = endpoint(words[1])
        let clientID = credential(words[3], "client id")
        let secret = credential(words[5], "client secret")
        let cache = words.count == 8 ? seconds(words[7], in: 0...3_600) : 60
        guard let url, let clientID, let secret, let cache else { return nil }
        return Configuration.Introspection(
            url: url,
            clientID: clientID,
            secret: secret,
            cacheSecondsMax: Int64(cache),
            position: words[1].position
        )
    }

    /// Reads the URL that tokens are asked for at.
    private mutating func endpoint(_ word: Word) -> String? {
        guard let text = text(word) else { return nil }
        guard let url = URLParts(text) else {
            report("`\(word.shown)` is no URL", at: word, suggestion: "https://" + text)
            return nil
        }
        if let fault = url.fault(asPlaceOf: "token answers") {
            report(fault, at: word)
            return nil
        }
        return text
    }

    /// Reads a client id or secret: characters of RFC 6749 appendix A, at most 1024.
    private mutating func credential(_ word: Word, _ what: String) -> String? {
        guard !word.isFaulty else { return nil }
        let bytes = word.text.utf8
        guard (1...1_024).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            report("a \(what) is 1 to 1024 printable ASCII characters", at: word)
            return nil
        }
        return word.text
    }

    /// Reads a path and adds it to those that the same statement named before.
    mutating func addPath(_ word: Word, to paths: inout [Configuration.NamedPath]) {
        guard let path = path(word) else { return }
        if let first = paths.first(where: { $0.path == path }) {
            return reportRepeated(word, first: first.position)
        }
        paths.append(Configuration.NamedPath(path: path, position: word.position))
    }
}
