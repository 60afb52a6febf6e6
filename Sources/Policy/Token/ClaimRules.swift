/// One thing that is asked of the claims of a token, in the order of asking.
public enum ClaimCheck: Hashable, Sendable, CaseIterable {
    /// It is not a JWT of another kind, RFC 8725 section 3.12: an ID token, a proof of possession,
    /// a logout token or another security event, a credential or an entity statement.
    case kind

    /// `iss` is the tenant's issuer, character for character.
    case issuer

    /// `aud` holds one of the tenant's audiences.
    case audience

    /// `exp` is there and has not passed.
    case expiry

    /// `nbf` and `iat`, if there, have passed.
    case beginning

    /// `exp` is not too far from `iat`, or from now.
    case lifetime

    /// The claim that names the tenant has the value wanted.
    case tenant

    /// What it is bound to, if to anything, can be checked; see `TokenBinding`.
    ///
    /// Whether the binding is met is another question, asked for each request.
    case binding
}

/// Checks claims; the time is an argument.
public enum ClaimRules {
    /// Checks everything, in the order of `ClaimCheck`.
    ///
    /// - Parameters:
    ///   - claims: The claims of a token whose signature was verified.
    ///   - rules: What the tenant asks.
    ///   - now: Seconds since 1970.
    /// - Throws: The first refusal.
    public static func check(
        _ claims: borrowing Claims,
        rules: CompiledTokenRules,
        now: Int64
    ) throws(TokenRefusal) {
        try run(.kind, on: claims, rules: rules, now: now)
        try run(.issuer, on: claims, rules: rules, now: now)
        try run(.audience, on: claims, rules: rules, now: now)
        try run(.expiry, on: claims, rules: rules, now: now)
        try run(.beginning, on: claims, rules: rules, now: now)
        try run(.lifetime, on: claims, rules: rules, now: now)
        try run(.tenant, on: claims, rules: rules, now: now)
        try run(.binding, on: claims, rules: rules, now: now)
    }

    /// Runs one check alone, for an explanation.
    public static func run(
        _ check: ClaimCheck,
        on claims: borrowing Claims,
        rules: CompiledTokenRules,
        now: Int64
    ) throws(TokenRefusal) {
        switch check {
        case .kind: try checkKind(claims)
        case .issuer: try checkIssuer(claims, rules)
        case .audience: try checkAudience(claims, rules)
        case .expiry: try checkExpiry(claims, rules, now)
        case .beginning: try checkBeginning(claims, rules, now)
        case .lifetime: try checkLifetime(claims, rules, now)
        case .tenant: try checkTenant(claims, rules)
        case .binding: _ = try TokenBinding(of: claims)
        }
    }

    /// Refuses another kind of JWT that calls itself `JWT`, or nothing at all.
    private static func checkKind(_ claims: borrowing Claims) throws(TokenRefusal) {
        let isPlain = claims.type?.elementsEqual("jwt".utf8) ?? true
        guard isPlain else { return }
        if claims.areOfOtherKind { throw .type }
        try checkStatedKind(claims)
    }

    static func checkIssuer(
        _ claims: borrowing Claims,
        _ rules: CompiledTokenRules
    ) throws(TokenRefusal) {
        guard let issuer = claims[.issuer], claims.document.equals(issuer, rules.issuer) else {
            throw .issuer
        }
    }

    static func checkAudience(
        _ claims: borrowing Claims,
        _ rules: CompiledTokenRules
    ) throws(TokenRefusal) {
        guard let node = claims[.audience] else { throw .audience }
        let document = claims.document
        switch document.kind(of: node) {
        case .string:
            guard isWanted(node, in: document, by: rules) else { throw .audience }
        case .array:
            var isForUs = false
            for element in document.elements(of: node) {
                guard document.kind(of: element) == .string else { throw .malformed }
                if !isForUs { isForUs = isWanted(element, in: document, by: rules) }
            }
            guard isForUs else { throw .audience }
        default: throw .malformed
        }
    }

    private static func isWanted(
        _ audience: JSONNode,
        in document: JSONDocument,
        by rules: CompiledTokenRules
    ) -> Bool {
        for wanted in rules.audiences where document.equals(audience, wanted) { return true }
        return false
    }

    static func checkExpiry(
        _ claims: borrowing Claims,
        _ rules: CompiledTokenRules,
        _ now: Int64
    ) throws(TokenRefusal) {
        guard let expiry = try claims.date(.expiry) else { throw .malformed }
        guard expiry.floor > now - rules.leewaySeconds else { throw .expired }
    }

    static func checkBeginning(
        _ claims: borrowing Claims,
        _ rules: CompiledTokenRules,
        _ now: Int64
    ) throws(TokenRefusal) {
        let latest = now + rules.leewaySeconds
        if let date = try claims.date(.notBefore), date.ceiling > latest { throw .notYetValid }
        if let date = try claims.date(.issuedAt), date.ceiling > latest { throw .notYetValid }
    }

    /// The leeway is forgiven at both ends; without `iat` the lifetime is what is left of it.
    static func checkLifetime(
        _ claims: borrowing Claims,
        _ rules: CompiledTokenRules,
        _ now: Int64
    ) throws(TokenRefusal) {
        guard let expiry = try claims.date(.expiry) else { throw .malformed }
        let begin = try claims.date(.issuedAt)?.floor ?? now
        let longest = rules.lifetimeSecondsMax + 2 * rules.leewaySeconds
        guard expiry.floor - begin <= longest else { throw .lifetime }
    }

    static func checkTenant(
        _ claims: borrowing Claims,
        _ rules: CompiledTokenRules
    ) throws(TokenRefusal) {
        guard let wanted = rules.tenantValue else { return }
        guard let found = claims.document.node(at: rules.tenantPath),
            claims.document.says(found, wanted)
        else { throw .tenant }
    }
}
