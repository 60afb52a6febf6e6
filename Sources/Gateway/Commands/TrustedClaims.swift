import Policy

/// Claims given on the command line, with those that they lack.
struct TrustedClaims: Sendable {
    /// A JSON object.
    let text: String

    /// The names of the members that were added.
    let added: [String]

    /// Adds those of `members` that `claims` has not; `nil` when it is no JSON object.
    init?(adding members: [(name: String, value: JSONText)], to claims: String) {
        guard let document = try? JSONDocument(Array(claims.utf8)),
            document.kind(of: document.root) == .object,
            let end = claims.lastIndex(of: "}")
        else { return nil }
        let missing = members.filter {
            document.member(Array($0.name.utf8), of: document.root) == nil
        }
        let isEmpty = document.members(of: document.root).isEmpty
        let addition = JSONText.object(missing).text.dropFirst().dropLast()
        let comma = isEmpty || missing.isEmpty ? "" : ","
        text = claims[..<end] + comma + addition + "}"
        added = missing.map(\.name)
    }

    /// Claims with which a token passes every check of `rules` at `now`, in seconds since 1970.
    static func wanted(by rules: TokenRules, now: Int64) -> [(name: String, value: JSONText)] {
        var members: [(name: String, value: JSONText)] = [
            ("iss", .string(rules.issuer)), ("aud", .string(rules.audiences.first ?? "")),
            ("iat", .number(now)), ("exp", .number(now + min(3_600, rules.lifetimeSecondsMax))),
        ]
        if let binding = rules.tenantBinding, let name = binding.path.first {
            let value = binding.path.dropFirst().reversed().reduce(JSONText.string(binding.value)) {
                .object([($1, $0)])
            }
            members.append((name, value))
        }
        return members
    }
}
