import Policy

/// Checks proofs of possession, RFC 9449 section 4.3; one for each loop.
///
/// The order: shape, header, the key that the token is bound to, signature, claims, nonce, and last
/// whether it was used before, so that only a proof that is good in all else is used up. Until the
/// nonce every refusal is the same. The key is compared before the signature: nobody can make the
/// gateway verify with a key that no token is bound to.
struct ProofValidator: ~Copyable {
    /// The most bytes of a proof.
    static let bytesMax = 8 * 1_024

    private let replays: ReplayStore
    private let nonces: ProofNonces
    private var verifier = SignatureVerifier()
    private var keys = ProofKeys()

    init(replays: ReplayStore, nonces: ProofNonces) {
        self.replays = replays
        self.nonces = nonces
    }

    /// What became of a proof.
    enum Outcome: Hashable, Sendable {
        /// It is good; with `offersNonce` the answer should carry a newer nonce.
        case valid(offersNonce: Bool)
        case refused(TokenRefusal)
    }

    /// Checks the value of the one `DPoP` field of a request.
    ///
    /// - Parameters:
    ///   - proof: The value of the field.
    ///   - token: The access token, for `ath`.
    ///   - key: The `cnf.jkt` of the token.
    ///   - method: The method of the request, for `htm`.
    ///   - path: Its canonical path, for `htu`.
    ///   - tenant: Whose origins and rules count.
    ///   - now: Seconds since 1970.
    /// - Returns: Whether the proof is good, and the refusal when it is not.
    mutating func validate(
        _ proof: Span<UInt8>,
        token: Span<UInt8>,
        key: Thumbprint,
        method: Span<UInt8>,
        path: Span<UInt8>,
        tenant: TenantIdentity,
        now: Int64
    ) -> Outcome {
        do throws(TokenRefusal) {
            let claims = try verify(proof, key)
            guard claims.names(method: method),
                claims.names(path: path, under: tenant.proofs.origins),
                let staleTime = claims.staleTime(at: now), let identifier = claims.identifier,
                let digest = Thumbprint(of: token), claims.names(token: digest)
            else { throw .proof }
            let standing = try checkNonce(claims, tenant.proofs, now)
            switch replays.claim(identifier, of: key, until: staleTime, now: now) {
            case .granted: return .valid(offersNonce: standing == .previous)
            case .used: throw .proof
            case .full: throw .proofsUnavailable
            }
        } catch { return .refused(error) }
    }

    /// The claims of a proof that the holder of `wanted` has signed.
    private mutating func verify(
        _ proof: Span<UInt8>,
        _ wanted: Thumbprint
    ) throws(TokenRefusal) -> ProofClaims {
        guard let parts = try? CompactToken(proof, bytesMax: Self.bytesMax) else { throw .proof }
        let header = try ProofHeader(Self.decode(proof.extracting(parts.header)))
        guard header.isOfProof, let algorithm = header.algorithm, let jwk = header.embeddedKey(),
            let thumbprint = jwk.material.thumbprint, thumbprint == wanted,
            let key = keys.key(jwk, thumbprint)
        else { throw .proof }
        let signature = try Self.decode(proof.extracting(parts.signature))
        let isGood = verifier.verify(
            signature.span,
            over: proof.extracting(parts.signingInput),
            key: key,
            algorithm: algorithm
        )
        guard isGood else { throw .proof }
        return try ProofClaims(Self.decode(proof.extracting(parts.claims)))
    }

    /// A nonce counts only where one is asked for: elsewhere it is not ours.
    private func checkNonce(
        _ claims: ProofClaims,
        _ rules: Configuration.ProofRules,
        _ now: Int64
    ) throws(TokenRefusal) -> ProofNonces.Standing {
        guard rules.wantsNonce else { return .current }
        guard let nonce = claims.nonce else { throw .proofNonce }
        let standing = nonces.standing(of: nonce, at: now)
        guard standing != .unknown else { throw .proofNonce }
        return standing
    }

    private static func decode(_ part: Span<UInt8>) throws(TokenRefusal) -> [UInt8] {
        guard let bytes = Base64URL.decode(part) else { throw .proof }
        return bytes
    }
}

extension ProofHeader {
    /// The embedded key; `nil` when there is none, or none that a proof can be verified with: one
    /// with a private part, a symmetric one, one for something else.
    func embeddedKey() -> JWK? {
        key.flatMap { try? JWK($0, in: document) }
    }
}
