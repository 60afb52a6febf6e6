/// A caller whose token was validated, and what of it the rest of the gateway needs.
///
/// It is made once for each token and kept with it. Everything in it is bytes that may stand in a
/// header field as they are.
public final class Principal: Sendable {
    /// Which conditions of the tenant's policy hold.
    public let facts: FactSet

    /// Which conditions of the tenant's shadow policy hold; empty without one.
    public let shadowFacts: FactSet

    /// The `sub` claim; empty when there is none.
    public let subject: [UInt8]

    /// The client's name; empty when the token names none.
    public let client: [UInt8]

    /// The roles after mapping, each once, in the order of the token, with a comma between them.
    ///
    /// A role that cannot stand in such a list, because of a comma in it for example, is left out
    /// here; the policy sees it.
    public let roles: [UInt8]

    /// The `jti` claim; empty when there is none.
    public let tokenID: [UInt8]

    /// What the token is bound to.
    public let binding: TokenBinding

    /// Whether the token is bound to nothing.
    public let isUnbound: Bool

    /// `exp`, in seconds since 1970.
    public let expiresAt: Int64

    /// The later of `nbf` and `iat`, in seconds since 1970; `Int64.min` when there is neither.
    public let notBefore: Int64

    private let claims: JSONDocument

    /// Takes what is needed out of claims that were found right.
    ///
    /// - Throws: `.malformed` when the subject or the client cannot stand in a header field, when
    ///   `jti` is not a string or when there is no `exp`; `.binding` for a `cnf` that cannot be
    ///   checked.
    public convenience init(
        _ claims: borrowing Claims,
        rules: CompiledTokenRules,
        conditions: CompiledConditions,
        shadow: CompiledConditions? = nil
    ) throws(TokenRefusal) {
        guard let expiry = try claims.date(.expiry) else { throw .malformed }
        try self.init(claims, expiresAt: expiry.floor, rules, conditions, shadow)
    }

    /// Takes what is needed out of an introspection answer that was found right.
    ///
    /// Without `exp` it is valid until the answer has to be asked for again.
    ///
    /// - Throws: As for the claims of a token, but `exp` may be missing.
    public convenience init(
        introspected claims: borrowing Claims,
        rules: CompiledTokenRules,
        conditions: CompiledConditions,
        shadow: CompiledConditions? = nil
    ) throws(TokenRefusal) {
        let expiry = try claims.date(.expiry)
        try self.init(claims, expiresAt: expiry?.floor ?? .max, rules, conditions, shadow)
    }

    private init(
        _ claims: borrowing Claims,
        expiresAt: Int64,
        _ rules: CompiledTokenRules,
        _ conditions: CompiledConditions,
        _ shadow: CompiledConditions?
    ) throws(TokenRefusal) {
        self.expiresAt = expiresAt
        let notBefore = try claims.date(.notBefore)?.ceiling ?? .min
        let issuedAt = try claims.date(.issuedAt)?.ceiling ?? .min
        self.notBefore = max(notBefore, issuedAt)
        self.claims = claims.document
        let subject = try claims.name(at: claims[.subject]) ?? []
        self.subject = subject
        tokenID = try claims.text(of: .identifier)
        let binding = try TokenBinding(of: claims)
        self.binding = binding
        isUnbound = binding == TokenBinding()
        let client = try Self.client(of: claims, subject: subject, rules: rules) ?? []
        self.client = client
        let roles = RoleList(claims.document, rules: rules)
        self.roles = roles.headerText
        facts = conditions.facts(claims: claims, roles: roles, client: client)
        shadowFacts =
            shadow?.facts(claims: claims, roles: roles, client: client) ?? FactSet()
    }

    /// The client: where the rules say, else the first of `client_id`, `azp` and `sub` that is there.
    private static func client(
        of claims: borrowing Claims,
        subject: [UInt8],
        rules: CompiledTokenRules
    ) throws(TokenRefusal) -> [UInt8]? {
        if let path = rules.clientPath {
            return try claims.name(at: claims.document.node(at: path))
        }
        if let name = try claims.name(at: claims[.clientID]) { return name }
        if let name = try claims.name(at: claims[.authorizedParty]) { return name }
        return subject
    }

    /// Whether the token is valid at `now`, in seconds since 1970.
    @inline(__always)
    public func isValid(at now: Int64, leewaySeconds: Int64) -> Bool {
        expiresAt > now &- leewaySeconds && notBefore <= now &+ leewaySeconds
    }

    /// The claim at `path` (one member name a step) for a header field.
    ///
    /// - Returns: A string, number or boolean as text; `nil` when there is no such claim, when it is
    ///   something else, or when it cannot stand in a header field.
    public func claim(_ path: [[UInt8]]) -> [UInt8]? {
        guard let node = claims.node(at: path), let text = claims.scalar(of: node),
            HeaderText.isSafe(text.span)
        else { return nil }
        return text
    }

    /// The claim at `path` (one member name a step) for a header field.
    public func claim(_ path: [String]) -> [UInt8]? { claim(path.map { Array($0.utf8) }) }
}
