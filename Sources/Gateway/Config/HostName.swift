/// What a host may look like: a name after RFC 1123, or an IP address.
enum HostName {
    /// Cuts `HOST:PORT`, `[V6]:PORT` or either without the port.
    ///
    /// - Returns: The host without brackets, and what stands behind the colon. An address with
    ///   colons and without brackets has no port.
    static func split(_ text: String) -> (host: String, port: String?) {
        if text.hasPrefix("["), let end = text.lastIndex(of: "]") {
            let host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            guard !rest.isEmpty else { return (host, nil) }
            return (host, rest.hasPrefix(":") ? String(rest.dropFirst()) : String(rest))
        }
        guard let colon = text.firstIndex(of: ":"), text.lastIndex(of: ":") == colon else {
            return (text, nil)
        }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }

    /// Reads a port from 1 to 65535 without sign or leading zero.
    static func port(_ text: String) -> UInt16? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !text.hasPrefix("0") else {
            return nil
        }
        return UInt16(text)
    }

    /// Whether `text`, without brackets, is an IPv4 or IPv6 address.
    static func isAddress(_ text: String) -> Bool { SocketAddress(numeric: text, port: 1) != nil }

    /// Whether `text` can be looked up or connected to; service names with `_` count.
    static func isHostOrAddress(_ text: String) -> Bool {
        if isAddress(text) { return true }
        return fault(of: text.lowercased().replacing("_", with: "-")) == nil
    }

    /// Whether `text` is `localhost`, in 127.0.0.0/8, or `::1`.
    static func isLoopback(_ text: String) -> Bool {
        if text.lowercased() == "localhost" { return true }
        return SocketAddress(numeric: text, port: 1)?.key.isLoopback ?? false
    }

    /// Why a lower-case `name` is no host name, fit for the end of a message; `nil` when it is one.
    static func fault(of name: String) -> String? {
        if isAddress(name), !name.contains(":") { return nil }
        guard name.utf8.allSatisfy({ $0 < 0x80 }) else {
            return "has characters other than ASCII: write its `xn--` form"
        }
        guard (1...253).contains(name.utf8.count) else { return "has not 1 to 253 characters" }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        for label in labels {
            guard !label.isEmpty else { return "has an empty label" }
            guard label.utf8.count <= 63 else { return "has a label of more than 63 characters" }
            guard label.utf8.allSatisfy(isLabelByte), !label.hasPrefix("-"), !label.hasSuffix("-")
            else { return "is no host name" }
        }
        guard let last = labels.last, !last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return "is neither a host name nor an IP address"
        }
        return nil
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x30...0x39, 0x2D: true
        default: false
        }
    }
}
