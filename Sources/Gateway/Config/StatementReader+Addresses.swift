import Policy

extension Configuration.Address: CustomStringConvertible {
    /// What an address that could not be read is, after the fault has been reported.
    static let unread = Configuration.Address(host: "", port: 0)

    var isLoopback: Bool { HostName.isLoopback(host) }

    /// As written in `listen`; empty when it could not be read.
    var description: String {
        guard !host.isEmpty else { return "" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

// Addresses, hosts and names.
extension StatementReader {
    /// Reads `ADDRESS:PORT`.
    mutating func address(_ word: Word) -> Configuration.Address? {
        guard !word.isFaulty else { return nil }
        let (host, portText) = HostName.split(word.text)
        guard let portText else {
            reportMissingPort(word)
            return nil
        }
        guard let port = HostName.port(portText) else {
            report("`\(word.shown)` has no port between 1 and 65535", at: word)
            return nil
        }
        guard !host.isEmpty, host != "*" else {
            report("`\(word.shown)` has no address", at: word, suggestion: "0.0.0.0:\(port)")
            return nil
        }
        let isBracketed = word.text.hasPrefix("[")
        guard HostName.isAddress(host) || host.lowercased() == "localhost",
            isBracketed == host.contains(":")
        else {
            report("`\(word.shown)` begins with neither an IP address nor `localhost`", at: word)
            return nil
        }
        return Configuration.Address(host: host.lowercased(), port: port)
    }

    private mutating func reportMissingPort(_ word: Word) {
        let text = word.text
        if HostName.port(text) != nil {
            report("`\(word.shown)` has no address", at: word, suggestion: "0.0.0.0:\(text)")
        } else if let colon = text.lastIndex(of: ":"), !text.hasPrefix("["),
            HostName.isAddress(String(text[..<colon]))
        {
            let port = text[text.index(after: colon)...]
            let suggestion = "[\(text[..<colon])]:\(port)"
            report(
                "`\(word.shown)`: an IPv6 address stands in brackets",
                at: word,
                suggestion: suggestion
            )
        } else {
            report("`\(word.shown)` has no port; wanted `ADDRESS:PORT`", at: word)
        }
    }

    /// Reads the name of an upstream: 1 to 63 ASCII letters, digits and `.`, `_`, `-`.
    mutating func upstreamName(_ word: Word) -> String? {
        guard !word.isFaulty else { return nil }
        let isPlain = word.text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        guard isPlain, (1...63).contains(word.text.utf8.count) else {
            report(
                "`\(word.shown)` is no name; wanted 1 to 63 letters, digits, `.`, `_` and `-`",
                at: word
            )
            return nil
        }
        return word.text
    }

    /// Reads the name of a tenant: `[a-z0-9][a-z0-9-]*`, at most 63 characters.
    mutating func tenantName(_ word: Word) -> String? {
        guard !word.isFaulty else { return nil }
        let bytes = word.text.utf8
        let isPlain = bytes.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
        }
        guard isPlain, (1...63).contains(bytes.count), !word.text.hasPrefix("-") else {
            report(
                "`\(word.shown)` is no name; wanted 1 to 63 of `a-z`, `0-9` and `-`, not `-` first",
                at: word
            )
            return nil
        }
        return word.text
    }

    /// Reads a host that a tenant answers to.
    mutating func tenantHost(_ word: Word) -> Configuration.Host? {
        guard let text = text(word) else { return nil }
        guard let (fault, suggestion) = Self.faultOfTenantHost(text.lowercased()) else {
            return Configuration.Host(name: text.lowercased(), position: word.position)
        }
        report("`\(word.shown)` \(fault)", at: word, suggestion: suggestion)
        return nil
    }

    /// Why a lower-case `name` is no host of a tenant, and what it should be.
    private static func faultOfTenantHost(_ name: String) -> (String, String?)? {
        if let url = URLParts(name) { return ("is a URL; wanted its host", url.host) }
        let (host, port) = HostName.split(name)
        if port != nil { return ("has a port; a host answers on any", host) }
        if name.hasPrefix("["), name.hasSuffix("]"), HostName.isAddress(host) { return nil }
        if HostName.isAddress(name), name.contains(":") {
            return ("is an IPv6 address without brackets", "[\(name)]")
        }
        if name.hasSuffix(".") { return ("ends in a dot", String(name.dropLast())) }
        let fixed = name.hasPrefix("*.") ? String(name.dropFirst(2)) : name
        if fixed.contains("*") {
            return ("has a `*` where none may be; wanted it first, as in `*.example`", nil)
        }
        return HostName.fault(of: fixed).map { ($0, nil) }
    }

    /// Reads what replaces `Host` towards an upstream: a host and perhaps a port.
    mutating func authority(_ word: Word) -> String? {
        guard let text = text(word) else { return nil }
        let (host, port) = HostName.split(text)
        let isPortFine = port.map { HostName.port($0) != nil } ?? true
        guard isPortFine, HostName.isHostOrAddress(host),
            text.hasPrefix("[") == host.contains(":")
        else {
            report("`\(word.shown)` is neither a host nor a host and a port", at: word)
            return nil
        }
        return text
    }

    /// Reads the URL of an upstream's server: scheme, host and perhaps a port.
    mutating func server(_ word: Word) -> Configuration.Server? {
        guard let text = text(word) else { return nil }
        guard let url = URLParts(text) else {
            report("`\(word.shown)` has no scheme", at: word, suggestion: "http://" + text)
            return nil
        }
        guard !url.hasUser else {
            report("a server has no user name or password in its URL", at: word)
            return nil
        }
        guard ["http", "https"].contains(url.scheme) else {
            report("`\(word.shown)` begins with neither `http://` nor `https://`", at: word)
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
        guard HostName.isHostOrAddress(url.host) else {
            report("`\(word.shown)` names no host", at: word)
            return nil
        }
        return Configuration.Server(
            isTLS: url.scheme == "https",
            host: url.host.lowercased(),
            port: url.port ?? (url.scheme == "https" ? 443 : 80),
            position: word.position
        )
    }
}
