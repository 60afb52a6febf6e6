import Policy

extension Configuration {
    /// Whether a tenant is served; ordered, the stricter after the milder.
    enum TenantState: UInt8, Sendable {
        /// As its routes say.
        case active

        /// Only methods that change nothing (RFC 9110 section 9.2.1).
        case readOnly

        /// Not at present: 503, a client may come again.
        case suspended

        /// Not any more: 403.
        case closed

        /// What `check`, `routes` and `explain` say; `nil` when there is nothing to say.
        var words: String? {
            switch self {
            case .active: nil
            case .readOnly: "read-only"
            case .suspended: "suspended"
            case .closed: "suspended 403"
            }
        }
    }
}

extension Configuration.Tenant {
    /// The statements about the state of a tenant.
    static let stateRules: [StatementRule<TenantDraft>] = [
        StatementRule("suspended [STATUS]") { draft, statement, reader in
            guard statement.words.count > 1 else {
                return draft.tenant.enter(.suspended, at: statement.position)
            }
            let states: KeyValuePairs = [
                "503": Configuration.TenantState.suspended, "403": .closed,
            ]
            guard let state = reader.choice(statement.words[1], states) else { return }
            draft.tenant.enter(state, at: statement.position)
        },
        StatementRule("read-only") { draft, statement, _ in
            draft.tenant.enter(.readOnly, at: statement.position)
        },
    ]

    /// Takes a state in; of two the stricter counts.
    private mutating func enter(_ state: Configuration.TenantState, at position: SourcePosition) {
        guard state.rawValue > self.state.rawValue else { return }
        self.state = state
        statePosition = position
    }
}
