/// The host, path and query of a URL as it would arrive in a request.
struct RequestTarget: Hashable, Sendable {
    /// Lower-case, without a port; `nil` when the URL is only a path.
    var host: String?

    /// As written: no percent-decoding, no cleaning.
    var path: String

    /// What follows `?`, `nil` when there is none.
    var query: String?

    /// Reads `https://host:port/path?query` or `/path?query`; a fragment is never sent.
    init?(_ url: String) {
        var rest = url.prefix { $0 != "#" }
        if !rest.hasPrefix("/") {
            guard let scheme = ["https://", "http://"].first(where: rest.hasPrefix) else {
                return nil
            }
            rest = rest.dropFirst(scheme.count)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            rest = rest.dropFirst(authority.count)
            guard let name = Self.host(of: authority) else { return nil }
            host = name.lowercased()
        }
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.flatMap { $0.isEmpty ? nil : String($0) } ?? "/"
        query = parts.count > 1 ? String(parts[1]) : nil
    }

    /// The host without brackets and port; `nil` when there is none or the port is not one.
    private static func host(of authority: Substring) -> Substring? {
        let isBracketed = authority.hasPrefix("[")
        let name =
            isBracketed
            ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
        var rest = authority[name.endIndex...]
        if isBracketed {
            guard rest.hasPrefix("]") else { return nil }
            rest = rest.dropFirst()
        }
        guard !name.isEmpty else { return nil }
        return rest.isEmpty || isPort(rest) ? name : nil
    }

    /// Whether this is `:` and a number from 1 to 65535.
    private static func isPort(_ text: Substring) -> Bool {
        let digits = text.dropFirst()
        guard text.first == ":", digits.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return false
        }
        return (UInt16(digits) ?? 0) > 0
    }
}
