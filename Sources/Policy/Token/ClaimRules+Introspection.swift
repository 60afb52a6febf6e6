extension ClaimRules {
    /// Checks what an authorization server says of a token that it calls active, RFC 7662.
    ///
    /// It made up its mind about the token already, and need not repeat everything: `iss`, `aud`,
    /// `exp`, `nbf` and `iat` are checked when they are there, the lifetime when `exp` and `iat`
    /// are. The claim that names the tenant is wanted as ever, and so is a `cnf` that can be
    /// checked.
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
        if claims[.issuer] != nil { try checkIssuer(claims, rules) }
        if claims[.audience] != nil { try checkAudience(claims, rules) }
        if claims[.expiry] != nil { try checkExpiry(claims, rules, now) }
        try checkBeginning(claims, rules, now)
        if claims[.expiry] != nil, claims[.issuedAt] != nil {
            try checkLifetime(claims, rules, now)
        }
        try checkTenant(claims, rules)
        _ = try TokenBinding(of: claims)
    }
}
