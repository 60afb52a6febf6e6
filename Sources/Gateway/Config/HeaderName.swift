/// The names that a `header` line may not set.
enum HeaderName {
    /// The name as an upstream may see it: lower-case, `_` and `.` taken for `-`.
    static func folded(_ name: String) -> String {
        String(name.lowercased().map { "_.".contains($0) ? "-" : $0 })
    }

    /// Whether `text` is a token after RFC 9110 section 5.6.2.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x5E...0x7A, 0x7C, 0x7E: true
                case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E: true
                default: false
                }
            }
    }

    /// Why a `header` line may not set `name`; `nil` when it may.
    static func fault(of name: String) -> String? {
        let folded = folded(name)
        if folded == "host" { return "is set by a `host NAME` line" }
        if connectionNames.contains(folded) { return "belongs to a single connection" }
        let isOwn = ownNames.contains(folded) || ownPrefixes.contains { folded.hasPrefix($0) }
        return isOwn ? "is set by the gateway itself" : nil
    }

    /// Framing and hop-by-hop headers.
    private static let connectionNames: Set<String> = [
        "connection", "content-length", "expect", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
        "http2-settings",
    ]

    private static let ownNames: Set<String> = [
        "forwarded", "traceparent", "tracestate", "x-request-id", "x-forwarded-for",
        "x-forwarded-proto", "x-forwarded-host",
    ]

    private static let ownPrefixes = ["x-postern-"]
}
