import Policy

/// What an endpoint said of a token, RFC 7662 section 2.2, and what follows from it for a tenant.
struct IntrospectionAnswer: Sendable {
    let outcome: IntrospectionOutcome

    /// Until when it may be used without asking again, in seconds since 1970.
    let usableUntil: Int64

    /// The most bytes of an answer.
    static let bytesMax = 64 * 1_024

    /// Judges an answer; `now` is in seconds since 1970.
    ///
    /// A member that is there with a value of the wrong type makes the whole answer one that cannot
    /// be used; it says nothing of the endpoint, since whoever owns the token may have chosen it.
    ///
    /// - Throws: When the answer is none, which is the endpoint's fault.
    init(
        _ answer: OutboundAnswer,
        for identity: TenantIdentity,
        secondsMax: Int64,
        now: Int64
    ) throws(IntrospectionTrouble) {
        guard answer.status == 200 else {
            let isRefusal = answer.status == 401 || answer.status == 403
            throw isRefusal ? .credentials(status: answer.status) : .status(answer.status)
        }
        guard let claims = try? Claims(answer.body),
            let active = claims.document.member("active", of: claims.document.root)
        else { throw .notAnAnswer }
        let latest = now + secondsMax
        switch claims.document.kind(of: active) {
        case .false:
            outcome = .refused(.inactive)
            usableUntil = latest
        case .true: (outcome, usableUntil) = Self.judge(claims, identity, latest, now)
        default: throw .notAnAnswer
        }
    }

    /// Judges what is said of an active token.
    private static func judge(
        _ claims: Claims,
        _ identity: TenantIdentity,
        _ latest: Int64,
        _ now: Int64
    ) -> (IntrospectionOutcome, usableUntil: Int64) {
        do throws(TokenRefusal) {
            try ClaimRules.checkIntrospected(claims, rules: identity.rules, now: now)
            let principal = try Principal(
                introspected: claims,
                rules: identity.rules,
                conditions: identity.conditions,
                shadow: identity.shadowConditions
            )
            let until = min(latest, principal.expiresAt)
            let generation = identity.rulesGeneration
            return (.active(principal, usableUntil: until, rulesGeneration: generation), until)
        } catch {
            switch error {
            case .malformed: return (.refused(.introspectionUnavailable), now)
            case .notYetValid: return (.refused(error), now)
            default: return (.refused(error), latest)
            }
        }
    }
}
