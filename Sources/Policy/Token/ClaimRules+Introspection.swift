extension ClaimRules {
    /// Checks what an authorization server says of a token that it calls active, RFC 7662.
    ///
    /// It made up its mind about the token already, and need not repeat everything: `iss`, `aud`,
    /// `exp`, `nbf` and `iat` are checked when they are there, the lifetime when `exp` is. An answer
    /// without `aud` is taken, because section 4 has the server decide whether the token may be used
    /// at who asks, which it knows from the client id; without `exp`, because it is asked again after
    /// a while. The claim that names the tenant is wanted as ever, and so is a `cnf` that can be
    /// checked. What says that it is no access token, such as a refresh token, is refused.
    ///
    /// - Parameters:
    ///   - claims: The members of the answer.
    ///   - rules: What the tenant asks.
    ///   - now: Seconds since 1970.
    /// - Throws: The first refusal.
    public static func checkIntrospected(
        _ claims: borrowing Claims,
        rules: CompiledTokenRules,
        now: Int64
    ) throws(TokenRefusal) {
        try checkStatedKind(claims)
        if claims[.issuer] != nil { try checkIssuer(claims, rules) }
        if claims[.audience] != nil { try checkAudience(claims, rules) }
        if claims[.expiry] != nil { try checkExpiry(claims, rules, now) }
        try checkBeginning(claims, rules, now)
        if claims[.expiry] != nil { try checkLifetime(claims, rules, now) }
        try checkTenant(claims, rules)
        let binding = try TokenBinding(of: claims)
        if binding.proofKey == nil, saysBound(claims) { throw .binding }
    }

    /// What an access token is called: RFC 6749 section 7.1, RFC 9449 section 6.2, RFC 9068, and by
    /// servers that tell tokens apart in words of their own.
    private static let accessTokenKinds = [
        "bearer", "dpop", "access_token", "access", "at+jwt", "application/at+jwt", "jwt",
    ]

    /// The members that tell what kind of token it is: the standard's and two that are common.
    private static let kindMembers: [KnownClaim] = [.tokenType, .tokenUse, .kind]

    /// Refuses what calls itself a refresh token, an ID token or anything else but an access token.
    static func checkStatedKind(_ claims: borrowing Claims) throws(TokenRefusal) {
        for member in kindMembers {
            guard let node = claims[member] else { continue }
            guard let kind = kind(node, claims) else { throw .malformed }
            guard accessTokenKinds.contains(kind) else { throw .type }
        }
    }

    /// Whether it is said to be bound to a key, so that it must be told to which.
    private static func saysBound(_ claims: borrowing Claims) -> Bool {
        kindMembers.contains { member in
            claims[member].flatMap { kind($0, claims) } == "dpop"
        }
    }

    private static func kind(_ node: JSONNode, _ claims: borrowing Claims) -> String? {
        claims.document.string(of: node).map { String(decoding: $0, as: UTF8.self).lowercased() }
    }
}
