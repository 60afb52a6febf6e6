import HTTP
import Policy

/// Why the gateway answered a request itself: the one table from failure to status, code, words
/// and the RFC's own error name.
enum Refusal: UInt8, CaseIterable, Sendable {
    case requestMalformed
    case headerMalformed
    case hostInvalid
    case framingInvalid
    case targetTooLong
    case headersTooLarge
    case versionNotSupported
    case expectationFailed
    case upgradeNotSupported
    case requestTimeout
    case hostUnknown
    case tenantSuspended
    case tenantClosed
    case tenantReadOnly
    case pathNotCanonical
    case routeNotFound
    case methodNotAllowed
    case rateExceeded
    case credentialsMissing
    case credentialsRepeated
    case tokenMalformed
    case tokenType
    case tokenAlgorithm
    case tokenKeyUnknown
    case tokenSignature
    case tokenExpired
    case tokenNotYetValid
    case tokenLifetime
    case tokenIssuer
    case tokenAudience
    case tokenTenant
    case tokenBinding
    case proofInvalid
    case proofNonceWanted
    case proofsUnavailable
    case tokenRevoked
    case tokenInactive
    case introspectionUnavailable
    case keysUnavailable
    case journalUnavailable
    case roleMissing
    case denied
    case invalidRequest
    case clientUnknown
    case redirectUnknown
    case bodyTooLarge
    case attemptsExceeded
    case attemptsUnavailable
    case mediaTypeUnsupported
    case busy
    case upstreamUnreachable
    case upstreamProtocol
    case upstreamUnavailable
    case upstreamTimeout
    /// The client went away before the answer was complete; never sent, only recorded.
    case clientClosed
    /// The client took or gave nothing for too long; never sent, only recorded.
    case clientTimeout
    /// The upstream broke off in the middle of its answer; never sent, only recorded.
    case upstreamAborted
    /// The gateway was told to stop before the answer was complete; never sent, only recorded.
    case gatewayShutdown
}

extension Refusal {
    /// One row of the table.
    struct Row {
        let status: Int
        let code: StaticString
        let message: StaticString

        /// The `error` of RFC 6749, 6750 and OpenID4VCI.
        let oauth: StaticString
    }

    init(_ failure: HeadFailure) {
        switch failure {
        case .requestMalformed: self = .requestMalformed
        case .headerMalformed: self = .headerMalformed
        case .hostInvalid: self = .hostInvalid
        case .framingInvalid: self = .framingInvalid
        case .targetTooLong: self = .targetTooLong
        case .headersTooLarge: self = .headersTooLarge
        case .versionNotSupported: self = .versionNotSupported
        case .expectationFailed: self = .expectationFailed
        case .responseMalformed: self = .upstreamProtocol
        }
    }

    var status: Int { row.status }
    var code: StaticString { row.code }
    var message: StaticString { row.message }

    /// Whether the answer carries a challenge, RFC 6750 section 3.
    var isChallenge: Bool {
        switch self {
        case .credentialsRepeated: true
        default: row.status == 401 || row.status == 403
        }
    }

    /// Whether it is about the credentials that the request came with, so that a challenge says what
    /// is wrong with them.
    var isOfCredentials: Bool {
        switch self {
        case .credentialsMissing, .tenantClosed, .tenantReadOnly: false
        default: true
        }
    }

    /// How long a client does well to wait, for a 503; the gate says it of a 429.
    var retryAfterSeconds: Int? {
        switch self {
        case .keysUnavailable, .introspectionUnavailable, .proofsUnavailable, .attemptsUnavailable:
            10
        case .journalUnavailable, .upstreamUnavailable, .busy: 5
        case .tenantSuspended: 60
        default: nil
        }
    }

    var row: Row {
        switch self {
        case .requestMalformed, .headerMalformed, .hostInvalid, .framingInvalid, .targetTooLong,
            .headersTooLarge, .versionNotSupported, .expectationFailed, .upgradeNotSupported,
            .requestTimeout, .hostUnknown, .pathNotCanonical, .routeNotFound, .methodNotAllowed,
            .rateExceeded:
            requestRow
        case .tenantSuspended, .tenantClosed, .tenantReadOnly: tenantRow
        case .credentialsMissing, .credentialsRepeated, .tokenMalformed, .tokenType,
            .tokenAlgorithm, .tokenKeyUnknown, .tokenSignature, .tokenExpired, .tokenNotYetValid,
            .tokenLifetime, .tokenIssuer, .tokenAudience, .tokenTenant, .tokenBinding,
            .proofInvalid, .proofNonceWanted, .proofsUnavailable, .tokenRevoked, .tokenInactive,
            .introspectionUnavailable, .keysUnavailable:
            credentialRow
        default: decisionRow
        }
    }

    private var requestRow: Row {
        switch self {
        case .requestMalformed: Self.bad(400, "request-malformed", "the request line is malformed")
        case .headerMalformed: Self.bad(400, "header-malformed", "a header field is malformed")
        case .hostInvalid: Self.bad(400, "host-invalid", "exactly one valid host is wanted")
        case .framingInvalid:
            Self.bad(400, "framing-invalid", "the length of the body is not stated exactly once")
        case .targetTooLong: Self.bad(414, "target-too-long", "the request target is too long")
        case .headersTooLarge: Self.bad(431, "headers-too-large", "the header fields are too large")
        case .versionNotSupported:
            Self.bad(505, "version-not-supported", "HTTP/1.0 and HTTP/1.1 are supported")
        case .expectationFailed:
            Self.bad(417, "expectation-failed", "the only expectation met is 100-continue")
        case .upgradeNotSupported:
            Self.bad(400, "upgrade-not-supported", "a change of protocol is not supported")
        case .requestTimeout:
            Self.bad(408, "request-timeout", "the request took too long to arrive")
        case .hostUnknown: Self.bad(421, "host-unknown", "no tenant has this host")
        case .pathNotCanonical:
            Self.bad(400, "path-not-canonical", "the path is not in its canonical form")
        case .routeNotFound: Self.bad(404, "route-not-found", "no route has this path")
        case .rateExceeded:
            Row(
                status: 429,
                code: "rate-exceeded",
                message: "too many requests",
                oauth: "temporarily_unavailable"
            )
        default: Self.bad(405, "method-not-allowed", "the route does not take this method")
        }
    }

    private var tenantRow: Row {
        switch self {
        case .tenantSuspended:
            Self.later("tenant-suspended", "this tenant is not served at present")
        case .tenantClosed: Self.forbidden("tenant-suspended", "this tenant is not served")
        default: Self.forbidden("tenant-read-only", "this tenant is not to be changed at present")
        }
    }

    private var credentialRow: Row {
        switch self {
        case .credentialsMissing:
            Row(
                status: 401,
                code: "credentials-missing",
                message: "a bearer token is wanted",
                oauth: "invalid_token"
            )
        case .credentialsRepeated:
            Self.bad(400, "credentials-repeated", "exactly one credential is wanted")
        default: Self.token(tokenRefusal ?? .malformed)
        }
    }

    /// What is wrong with the token, of the refusals that say so.
    private var tokenRefusal: TokenRefusal? {
        switch self {
        case .tokenMalformed: .malformed
        case .tokenType: .type
        case .tokenAlgorithm: .algorithm
        case .tokenKeyUnknown: .keyUnknown
        case .tokenSignature: .signature
        case .tokenExpired: .expired
        case .tokenNotYetValid: .notYetValid
        case .tokenLifetime: .lifetime
        case .tokenIssuer: .issuer
        case .tokenAudience: .audience
        case .tokenTenant: .tenant
        case .tokenBinding: .binding
        case .proofInvalid: .proof
        case .proofNonceWanted: .proofNonce
        case .proofsUnavailable: .proofsUnavailable
        case .tokenRevoked: .revoked
        case .tokenInactive: .inactive
        case .introspectionUnavailable: .introspectionUnavailable
        case .keysUnavailable: .keysUnavailable
        default: nil
        }
    }

    private var decisionRow: Row {
        switch self {
        case .journalUnavailable:
            Self.later("journal-unavailable", "events cannot be recorded at present")
        case .roleMissing: Self.forbidden("role-missing", "the caller lacks the role")
        case .denied: Self.forbidden("denied", "the policy does not allow this")
        case .invalidRequest: Self.bad(400, "invalid-request", "the request is not valid")
        case .clientUnknown, .redirectUnknown: authorizationRow
        case .bodyTooLarge: Self.bad(413, "body-too-large", "the body is too large")
        case .mediaTypeUnsupported:
            Self.bad(415, "media-type-unsupported", "the media type of the body is not taken here")
        case .busy: Self.later("busy", "too many bodies are being received at present")
        case .attemptsExceeded:
            Row(
                status: 400,
                code: "attempts-exceeded",
                message: "the transaction code was wrong too often",
                oauth: "invalid_grant"
            )
        case .attemptsUnavailable:
            Self.later("attempts-unavailable", "attempts cannot be counted at present")
        case .upstreamUnreachable:
            Self.failed(502, "upstream-unreachable", "the issuer cannot be reached")
        case .upstreamProtocol:
            Self.failed(502, "upstream-protocol", "the issuer's answer is not valid HTTP")
        case .upstreamUnavailable:
            Self.later("upstream-unavailable", "the issuer is not available at present")
        case .upstreamTimeout: Self.failed(504, "upstream-timeout", "the issuer took too long")
        case .clientClosed: Self.failed(499, "client-closed", "the client went away")
        case .clientTimeout: Self.failed(499, "client-timeout", "the client took too long")
        case .upstreamAborted:
            Self.failed(502, "upstream-aborted", "the issuer broke off its answer")
        default: Self.failed(503, "gateway-shutdown", "the gateway was stopped")
        }
    }

    private static func bad(_ status: Int, _ code: StaticString, _ words: StaticString) -> Row {
        Row(status: status, code: code, message: words, oauth: "invalid_request")
    }

    private static func token(_ refusal: TokenRefusal) -> Row {
        Row(
            status: refusal.status,
            code: refusal.code,
            message: refusal.message,
            oauth: refusal.oauthError
        )
    }

    private static func forbidden(_ code: StaticString, _ words: StaticString) -> Row {
        Row(status: 403, code: code, message: words, oauth: "insufficient_scope")
    }

    private static func later(_ code: StaticString, _ words: StaticString) -> Row {
        Row(status: 503, code: code, message: words, oauth: "temporarily_unavailable")
    }

    private static func failed(_ status: Int, _ code: StaticString, _ words: StaticString) -> Row {
        Row(status: status, code: code, message: words, oauth: "server_error")
    }
}

extension Refusal {
    init(_ refusal: TokenRefusal) {
        switch refusal {
        case .malformed: self = .tokenMalformed
        case .type: self = .tokenType
        case .algorithm: self = .tokenAlgorithm
        case .keyUnknown: self = .tokenKeyUnknown
        case .signature: self = .tokenSignature
        case .expired: self = .tokenExpired
        case .notYetValid: self = .tokenNotYetValid
        case .lifetime: self = .tokenLifetime
        case .issuer: self = .tokenIssuer
        case .audience: self = .tokenAudience
        case .tenant: self = .tokenTenant
        case .binding: self = .tokenBinding
        case .proof: self = .proofInvalid
        case .proofNonce: self = .proofNonceWanted
        case .proofsUnavailable: self = .proofsUnavailable
        case .revoked: self = .tokenRevoked
        case .inactive: self = .tokenInactive
        case .introspectionUnavailable: self = .introspectionUnavailable
        case .keysUnavailable: self = .keysUnavailable
        }
    }

    /// Whether what follows on the connection cannot be told apart from the request.
    var endsConnection: Bool {
        switch self {
        case .requestMalformed, .headerMalformed, .hostInvalid, .framingInvalid, .targetTooLong,
            .headersTooLarge, .versionNotSupported, .expectationFailed, .upgradeNotSupported,
            .requestTimeout:
            true
        default: false
        }
    }
}

extension MethodCode {
    @inline(__always)
    init(_ method: Method) {
        switch method {
        case .get: self = .get
        case .head: self = .head
        case .post: self = .post
        case .put: self = .put
        case .delete: self = .delete
        case .patch: self = .patch
        case .options: self = .options
        case .trace, .connect: self = .neverForwarded
        case .other: self = .other
        }
    }
}
