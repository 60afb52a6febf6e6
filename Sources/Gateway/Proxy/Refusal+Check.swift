extension Refusal {
    /// The checks of a request, in their order.
    enum Check: String, CaseIterable, Sendable {
        case framing
        case host
        case tenant
        case path
        case route
        case change
        case limits
        case credential
        case token
        case journal
        case policy
        case request
        case upstream
    }

    /// The check that ended in this refusal.
    var check: Check {
        switch self {
        case .hostUnknown: .host
        case .tenantSuspended, .tenantClosed: .tenant
        case .pathNotCanonical: .path
        case .routeNotFound, .methodNotAllowed: .route
        case .tenantReadOnly: .change
        case .credentialsMissing, .credentialsRepeated: .credential
        case .tokenMalformed, .tokenType, .tokenAlgorithm, .tokenKeyUnknown, .tokenSignature,
            .tokenExpired, .tokenNotYetValid, .tokenLifetime, .tokenIssuer, .tokenAudience,
            .tokenTenant, .tokenBinding, .proofInvalid, .proofNonceWanted, .proofsUnavailable,
            .tokenRevoked, .tokenInactive, .introspectionUnavailable, .keysUnavailable:
            .token
        case .journalUnavailable: .journal
        case .roleMissing, .denied: .policy
        case .rateExceeded: .limits
        case .invalidRequest, .bodyTooLarge, .mediaTypeUnsupported, .clientUnknown,
            .redirectUnknown, .attemptsExceeded, .attemptsUnavailable, .busy:
            .request
        default: endsConnection || self == .upgradeNotSupported ? .framing : late
        }
    }

    private var late: Check { status >= 499 ? .upstream : .request }
}
