/// The claims that a revoked value is compared with.
struct RevocationKinds: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let token = RevocationKinds(rawValue: 1)
    static let subject = RevocationKinds(rawValue: 2)
    static let client = RevocationKinds(rawValue: 4)
    static let any: RevocationKinds = [.token, .subject, .client]
}

/// How many entries there are of each kind.
struct RevocationCounts: Hashable, Sendable {
    var token = 0
    var subject = 0
    var client = 0

    /// Entries that count for all three.
    var any = 0

    var total: Int { token + subject + client + any }

    mutating func add(_ kinds: RevocationKinds) {
        switch kinds {
        case .token: token += 1
        case .subject: subject += 1
        case .client: client += 1
        default: any += 1
        }
    }

    static func + (left: Self, right: Self) -> Self {
        Self(
            token: left.token + right.token,
            subject: left.subject + right.subject,
            client: left.client + right.client,
            any: left.any + right.any
        )
    }
}
