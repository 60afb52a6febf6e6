/// A caller whose token was validated, and what of it the rest of the gateway needs.
///
/// It is made once for each token and kept with it. Everything in it is bytes that may stand in a
/// header field as they are.
public final class Principal: Sendable {
    /// Which conditions of the tenant's policy hold.
    public let facts: FactSet

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
    /// - Throws: `.malformed` when the subject or the client cannot stand in a header field, or
    ///   when there is no `exp`.
    public init(
        _ claims: borrowing Claims,
        rules: CompiledTokenRules,
        conditions: CompiledConditions
    ) throws(TokenRefusal) {
        guard let expiry = try claims.date("exp") else { throw .malformed }
        expiresAt = expiry.floor
        let notBefore = try claims.date("nbf")?.ceiling ?? .min
        let issuedAt = try claims.date("iat")?.ceiling ?? .min
        self.notBefore = max(notBefore, issuedAt)
        self.claims = claims.document
        let subject = try claims.name(at: claims.claim("sub"))
        self.subject = subject ?? []
        tokenID = claims.claim("jti").flatMap { claims.document.string(of: $0) } ?? []
        let binding = TokenBinding()
        self.binding = binding
        isUnbound = binding == TokenBinding()
        let client = try Self.client(of: claims, rules: rules) ?? []
        self.client = client
        let roles = RoleList(claims.document, rules: rules)
        self.roles = roles.headerText
        facts = conditions.facts(claims: claims.document, roles: roles, client: client)
    }

    /// The client: where the rules say, else the first of `client_id`, `azp` and `sub` that is there.
    private static func client(
        of claims: borrowing Claims,
        rules: CompiledTokenRules
    ) throws(TokenRefusal) -> [UInt8]? {
        if let path = rules.clientPath {
            return try claims.name(at: claims.document.node(at: path))
        }
        if let name = try claims.name(at: claims.claim("client_id")) { return name }
        if let name = try claims.name(at: claims.claim("azp")) { return name }
        return try claims.name(at: claims.claim("sub"))
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
