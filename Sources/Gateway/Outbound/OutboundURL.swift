/// Where the gateway sends a request of its own: https, or http on this machine.
struct OutboundURL: Hashable, Sendable, CustomStringConvertible {
    /// The URL as written.
    let description: String

    let isTLS: Bool

    /// A name or an address without brackets.
    let host: String
    let port: UInt16

    /// Path and query, with the leading slash.
    let target: String

    /// What stands in `Host`.
    let authority: String

    /// Reads a URL; `nil` for any other: user names, fragments and everything but printable ASCII are refused.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }), !text.contains("#"),
            !text.contains("\\"), text.utf8.count <= 2_048,
            let schemeEnd = text.firstRange(of: "://")
        else { return nil }
        let scheme = text[..<schemeEnd.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { return nil }
        isTLS = scheme == "https"
        let rest = text[schemeEnd.upperBound...]
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<authorityEnd]
        guard !authority.isEmpty, !authority.contains("@"),
            let (host, port) = Self.split(authority)
        else { return nil }
        self.authority = String(authority)
        self.host = host
        self.port = port ?? (scheme == "https" ? 443 : 80)
        let tail = rest[authorityEnd...]
        target = tail.hasPrefix("/") ? String(tail) : "/" + tail
        description = text
        guard isTLS || Self.isLoopback(host) else { return nil }
    }

    private static func split(_ authority: Substring) -> (String, UInt16?)? {
        let host: Substring
        let rest: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
            guard host.contains(":") else { return nil }
        } else {
            let end = authority.firstIndex(of: ":") ?? authority.endIndex
            host = authority[..<end]
            rest = authority[end...]
        }
        guard !host.isEmpty else { return nil }
        if rest.isEmpty { return (String(host), nil) }
        let digits = rest.dropFirst()
        guard rest.first == ":", digits.allSatisfy({ "0"..."9" ~= $0 }),
            let port = UInt16(digits), port > 0
        else { return nil }
        return (String(host), port)
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        return SocketAddress(numeric: host, port: 0)?.key.isLoopback ?? false
    }
}
