/// One thing that is asked of the claims of a token, in the order of asking.
public enum ClaimCheck: Hashable, Sendable, CaseIterable {
    /// It is not an ID token, OpenID Connect Core section 3.1.3.6.
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

    /// It is not bound to a key, RFC 7800.
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
        case .issuer:
            guard let issuer = claims.claim("iss"), claims.document.equals(issuer, rules.issuer)
            else { throw .issuer }
        case .audience: try checkAudience(claims, rules)
        case .expiry:
            guard let expiry = try claims.date("exp") else { throw .malformed }
            guard expiry.floor > now - rules.leewaySeconds else { throw .expired }
        case .beginning: try checkBeginning(claims, rules, now)
        case .lifetime: try checkLifetime(claims, rules, now)
        case .tenant:
            guard let wanted = rules.tenantValue else { return }
            guard let found = claims.document.node(at: rules.tenantPath),
                claims.document.says(found, wanted)
            else { throw .tenant }
        case .binding:
            guard claims.claim("cnf") == nil else { throw .binding }
        }
    }

    /// Refuses an ID token that calls itself `JWT`, or nothing at all.
    private static func checkKind(_ claims: borrowing Claims) throws(TokenRefusal) {
        let isPlain = claims.type?.elementsEqual("jwt".utf8) ?? true
        guard isPlain else { return }
        guard claims.claim("nonce") == nil, claims.claim("at_hash") == nil,
            claims.claim("c_hash") == nil
        else { throw .type }
    }

    private static func checkAudience(
        _ claims: borrowing Claims,
        _ rules: CompiledTokenRules
    ) throws(TokenRefusal) {
        guard let node = claims.claim("aud") else { throw .audience }
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

    private static func checkBeginning(
        _ claims: borrowing Claims,
        _ rules: CompiledTokenRules,
        _ now: Int64
    ) throws(TokenRefusal) {
        let latest = now + rules.leewaySeconds
        if let date = try claims.date("nbf"), date.ceiling > latest { throw .notYetValid }
        if let date = try claims.date("iat"), date.ceiling > latest { throw .notYetValid }
    }

    /// The leeway is forgiven at both ends; without `iat` the lifetime is what is left of it.
    private static func checkLifetime(
        _ claims: borrowing Claims,
        _ rules: CompiledTokenRules,
        _ now: Int64
    ) throws(TokenRefusal) {
        guard let expiry = try claims.date("exp") else { throw .malformed }
        let begin = try claims.date("iat")?.floor ?? now
        let longest = rules.lifetimeSecondsMax + 2 * rules.leewaySeconds
        guard expiry.floor - begin <= longest else { throw .lifetime }
    }
}
