/// What one check found and wanted, for people who look for the reason of a refusal.
public struct ClaimFinding: Hashable, Sendable {
    /// The check.
    public let check: ClaimCheck

    /// What the claims say.
    public let found: String

    /// What the rules want.
    public let wanted: String

    /// The refusal, `nil` when the check passed.
    public let refusal: TokenRefusal?
}

extension ClaimRules {
    /// Runs every check, also those after the first that fails.
    public static func findings(
        _ claims: borrowing Claims,
        rules: CompiledTokenRules,
        now: Int64
    ) -> [ClaimFinding] {
        var findings: [ClaimFinding] = []
        for check in ClaimCheck.allCases {
            var refusal: TokenRefusal?
            do throws(TokenRefusal) {
                try run(check, on: claims, rules: rules, now: now)
            } catch { refusal = error }
            let finding = ClaimFinding(
                check: check,
                found: check.found(in: claims, rules: rules),
                wanted: check.wanted(by: rules.source, now: now),
                refusal: refusal
            )
            findings.append(finding)
        }
        return findings
    }
}

extension ClaimCheck {
    /// What a person calls the check.
    public var name: String {
        switch self {
        case .kind: "kind"
        case .issuer: "issuer"
        case .audience: "audience"
        case .expiry: "expiry"
        case .beginning: "not before"
        case .lifetime: "lifetime"
        case .tenant: "tenant"
        case .binding: "binding"
        }
    }

    func found(in claims: borrowing Claims, rules: CompiledTokenRules) -> String {
        let document = claims.document
        func value(_ claim: KnownClaim) -> String {
            let value = claims[claim].map { document.description(of: $0) } ?? "absent"
            return "\(claim.name) \(value)"
        }
        switch self {
        case .kind:
            return claims.areOfOtherKind
                ? "a claim of another kind of JWT" : "no claim of another kind of JWT"
        case .issuer: return value(.issuer)
        case .audience: return value(.audience)
        case .expiry: return value(.expiry)
        case .beginning: return "\(value(.notBefore)), \(value(.issuedAt))"
        case .lifetime: return "\(value(.expiry)), \(value(.issuedAt))"
        case .tenant:
            guard rules.tenantValue != nil else { return "not looked at" }
            return document.node(at: rules.tenantPath).map { document.description(of: $0) }
                ?? "absent"
        case .binding:
            guard let binding = try? TokenBinding(of: claims) else {
                return "a cnf that cannot be checked"
            }
            return binding.names
        }
    }

    func wanted(by rules: TokenRules, now: Int64) -> String {
        switch self {
        case .kind: "an access token"
        case .issuer: "iss \"\(rules.issuer)\""
        case .audience:
            "aud with one of \(rules.audiences.map { "\"\($0)\"" }.joined(separator: " "))"
        case .expiry: "exp after now (\(now)) less \(rules.leewaySeconds) s"
        case .beginning: "nbf and iat, if any, up to now (\(now)) and \(rules.leewaySeconds) s"
        case .lifetime: "at most \(rules.lifetimeSecondsMax) s"
        case .tenant:
            rules.tenantBinding.map { "\($0.path.joined(separator: " ")) equals \"\($0.value)\"" }
                ?? "nothing"
        case .binding: "no cnf, or one with jkt, x5t#S256 or both"
        }
    }
}

extension JSONDocument {
    /// The value as written in the text.
    public func description(of node: JSONNode) -> String {
        let text = String(decoding: text(of: node), as: UTF8.self)
        return kind(of: node) == .string ? "\"\(text)\"" : text
    }
}
