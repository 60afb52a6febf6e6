/// A call as its events tell it, to be decided again: the template of its path, never the path.
public struct RecordedCall: Hashable, Sendable {
    /// The method as it stood in the request line.
    public var method: String

    /// The template that matched, as it was written.
    public var template: String

    /// Where the connection came from; `nil` when that was not recorded.
    public var address: NetworkAddress?

    /// Who called; `nil` when no token was looked at.
    public var caller: RecordedCaller?

    /// Creates a call.
    public init(
        method: String,
        template: String,
        address: NetworkAddress? = nil,
        caller: RecordedCaller? = nil
    ) {
        self.method = method
        self.template = template
        self.address = address
        self.caller = caller
    }
}

/// What events tell of a caller whose token was valid.
public struct RecordedCaller: Hashable, Sendable {
    /// The roles of the token.
    public var roles: Set<String>

    /// The scopes that the policy asked for and the token had.
    public var scopes: Set<String>

    /// The scopes that the policy asked for and the token did not have.
    public var absentScopes: Set<String>

    /// The client; empty when the token named none, `nil` when it is not known whole.
    public var client: String?

    /// Whether roles or scopes were left out, so that what is not there may have been.
    public var isCut: Bool

    /// Creates a caller.
    public init(
        roles: Set<String> = [],
        scopes: Set<String> = [],
        absentScopes: Set<String> = [],
        client: String? = "",
        isCut: Bool = false
    ) {
        self.roles = roles
        self.scopes = scopes
        self.absentScopes = absentScopes
        self.client = client
        self.isCut = isCut
    }

    /// Whether a condition held; `nil` when the events do not say.
    fileprivate func holds(_ condition: Condition) -> Bool? {
        switch condition {
        case .role(let role):
            if roles.contains(role) { return true }
            return isCut || !RoleList.isListed(role) ? nil : false
        case .scope(let scope):
            if scopes.contains(scope) { return true }
            return absentScopes.contains(scope) ? false : nil
        case .client(let name): return client.map { $0 == name }
        case .claim: return nil
        case .from: return false
        }
    }
}

extension RoleList {
    /// Whether a role that a token gives is in its list of roles, and so in events.
    fileprivate static func isListed(_ role: String) -> Bool {
        !role.isEmpty && !role.utf8.contains(0x2C) && HeaderText.isSafe(Array(role.utf8).span)
    }
}

extension RecordedCall {
    /// What of `conditions` held, and of which of them that is not known.
    func facts(among conditions: [Condition]) -> PartialFacts {
        var facts = PartialFacts()
        for (fact, condition) in conditions.enumerated() {
            switch holds(condition) {
            case true?: facts.known.insert(fact)
            case nil: facts.open.insert(fact)
            case false?: continue
            }
        }
        return facts
    }

    private func holds(_ condition: Condition) -> Bool? {
        if case .from(let range) = condition { return address.map(range.contains) }
        return caller.map { $0.holds(condition) } ?? false
    }
}
