import Policy

/// Claims with the times that they lack.
struct TimedClaims: Sendable {
    /// A JSON object.
    let text: String

    /// Adds `iat` and `exp` to claims that have none; `nil` when they are no JSON object.
    ///
    /// - Parameters:
    ///   - lifetimeSeconds: From `iat` to `exp`.
    ///   - claims: A JSON object.
    ///   - now: Seconds since 1970.
    init?(adding lifetimeSeconds: Int64, to claims: String, now: Int64) {
        guard let document = try? JSONDocument(Array(claims.utf8)),
            document.kind(of: document.root) == .object,
            let end = claims.lastIndex(of: "}")
        else { return nil }
        var added = ""
        for (name, value) in [("iat", now), ("exp", now + lifetimeSeconds)] {
            guard document.member(Array(name.utf8), of: document.root) == nil else { continue }
            added += (added.isEmpty && document.members(of: document.root).isEmpty ? "" : ",")
            added += "\"\(name)\":\(value)"
        }
        text = claims[..<end] + added + "}"
    }
}
