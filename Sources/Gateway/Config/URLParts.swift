/// A URL cut into the parts that a configuration is asked about.
struct URLParts {
    /// Lower-case.
    let scheme: String

    /// Whether a user name stands in front of the host.
    let hasUser: Bool

    /// A name or an address without brackets; it may be empty or wrong.
    let host: String

    /// The port, `nil` when none stands there.
    let port: UInt16?

    /// Whether something stands after the host that is no port from 1 to 65535.
    let hasFaultyPort: Bool

    /// Path, query and fragment.
    let tail: String

    /// Cuts `text`; `nil` when it has no `SCHEME://`.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
            return nil
        }
        let name = text[..<colon]
        guard !name.isEmpty, name.allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
        scheme = name.lowercased()
        let rest = text[colon...].dropFirst("://".count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        tail = String(rest[end...])
        var authority = rest[..<end]
        if let at = authority.lastIndex(of: "@") {
            hasUser = true
            authority = authority[authority.index(after: at)...]
        } else {
            hasUser = false
        }
        let parts = HostName.split(String(authority))
        host = parts.host
        port = parts.port.flatMap(HostName.port)
        hasFaultyPort = parts.port != nil && port == nil
    }
}
