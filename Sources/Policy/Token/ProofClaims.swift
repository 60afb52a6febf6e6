/// The claims of a proof of possession, RFC 9449 section 4.2, and what is asked of them.
///
/// When proofs are taken does not depend on the leeway of a tenant, which is for the clock of its
/// issuer: proofs are made by clients, and what was used has to be remembered for exactly as long.
public struct ProofClaims: Sendable {
    private let claims: Claims

    /// The oldest proof that is taken when the clocks agree.
    public static let ageSecondsMax: Int64 = 60

    /// How far the client's clock may be ahead or behind.
    public static let offsetSecondsMax: Int64 = 30

    /// The most bytes of a `jti`.
    public static let identifierBytesMax = 256

    /// Reads decoded claims.
    ///
    /// - Throws: `.proof` when they are no JSON object.
    public init(_ bytes: [UInt8]) throws(TokenRefusal) {
        guard let claims = try? Claims(bytes) else { throw .proof }
        self.claims = claims
    }

    /// `jti`; `nil` when it is absent, empty, too long or no string.
    public var identifier: [UInt8]? {
        guard let text = text(.identifier), (1...Self.identifierBytesMax).contains(text.count)
        else { return nil }
        return text
    }

    /// `nonce`; `nil` when it is absent or no string.
    public var nonce: [UInt8]? { text(.nonce) }

    /// Whether `htm` is the method, exactly.
    public func names(method: Span<UInt8>) -> Bool {
        claims[.method].map { claims.document.equals($0, method) } ?? false
    }

    /// Whether `htu`, less query and fragment, is the canonical path under one of the origins.
    ///
    /// - Parameters:
    ///   - path: The path of the request, canonical.
    ///   - origins: `scheme://host[:port]`, lower-case, without the default port.
    /// - Returns: Whether it is.
    public func names(path: Span<UInt8>, under origins: [String]) -> Bool {
        guard let text = text(.target), let target = ProofTarget(text) else { return false }
        return target.path.elementsEqual(path)
            && origins.contains { $0.utf8.elementsEqual(target.origin) }
    }

    /// Whether `ath` is the digest of the access token.
    public func names(token: Thumbprint) -> Bool {
        text(.tokenHash).flatMap { Thumbprint(base64URL: $0.span) } == token
    }

    /// The first second at which the proof is too old; `nil` when it is not to be taken at `now`.
    ///
    /// It must have been made of late, after its `iat`; an `exp` and an `nbf`, which no proof needs,
    /// must hold too.
    ///
    /// - Parameter now: Seconds since 1970.
    /// - Returns: How long it is to be remembered.
    public func staleTime(at now: Int64) -> Int64? {
        let latest = now + Self.offsetSecondsMax
        guard let issued = date(.issuedAt), issued.ceiling <= latest else { return nil }
        let stale = issued.floor + Self.ageSecondsMax + Self.offsetSecondsMax + 1
        guard now < stale else { return nil }
        if claims[.expiry] != nil {
            guard let expiry = date(.expiry), expiry.floor > now - Self.offsetSecondsMax else {
                return nil
            }
        }
        if claims[.notBefore] != nil {
            guard let begin = date(.notBefore), begin.ceiling <= latest else { return nil }
        }
        return stale
    }

    private func text(_ claim: KnownClaim) -> [UInt8]? {
        claims[claim].flatMap { claims.document.string(of: $0) }
    }

    private func date(_ claim: KnownClaim) -> NumericDate? {
        claims[claim].flatMap { claims.document.date(of: $0) }
    }
}

extension [UInt8] {
    fileprivate func elementsEqual(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}

extension ProofClaims {
    /// A claim as written, for an explanation.
    private func shown(_ claim: KnownClaim) -> String {
        let value = claims[claim].map { claims.document.description(of: $0) } ?? "absent"
        return "\(claim.name) \(value)"
    }

    /// `htm` as written, for an explanation.
    public var shownMethod: String { shown(.method) }

    /// `htu` as written, for an explanation.
    public var shownTarget: String { shown(.target) }

    /// `iat` as written, for an explanation.
    public var shownTime: String { shown(.issuedAt) }
}
