import Policy

/// Checks proofs of possession, RFC 9449 section 4.3; one for each loop.
struct ProofValidator: ~Copyable {
    private let replays: ReplayStore
    private let nonces: ProofNonces
    private var verifier = SignatureVerifier()

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
        .refused(.proof)
    }
}
