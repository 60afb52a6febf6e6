import Policy

/// Decides whose token a token is, or why it is refused; one for each loop.
///
/// The order: shape, header, type, algorithm, key, signature, and only then the claims, in the order
/// of `ClaimCheck`: nothing that a claim says counts before the signature has been verified.
struct TokenValidator: ~Copyable {
    private var verifier = SignatureVerifier()
    private var cache: VerifiedTokenCache

    /// Whether fresh keys may change what was found of the last token.
    private var keysAreWanted = false

    /// The decoded signature.
    private var signature: [UInt8] = []

    /// Tokens found in the cache, since the start.
    private(set) var hitsCount = 0

    /// Tokens that had to be verified, since the start.
    private(set) var missesCount = 0

    /// Tokens in the cache now.
    var cachedCount: Int { cache.count }

    /// The most keys that are tried for one token.
    private static let keysTriedMax = 8

    init(
        cache: consuming VerifiedTokenCache = VerifiedTokenCache(),
        absentKeys: AbsentKeys = AbsentKeys(),
        revocations: RevocationList = RevocationList()
    ) {
        self.cache = cache
        self.absentKeys = absentKeys
        self.revocations = revocations
        signature.reserveCapacity(1_024)
    }

    /// Names of keys that were asked for and are not there.
    private let absentKeys: AbsentKeys

    /// The tokens, subjects and clients that are refused whatever their tokens say.
    var revocations: RevocationList

    /// What became of a token.
    enum Outcome {
        case valid(Principal)
        case refused(TokenRefusal)

        /// It is refused unless keys that may be fetched now say something else.
        case wantsKeys(TokenRefusal)

        /// The authorization server has to be asked about it.
        case opaque
    }

    /// Checks `token`, which must be all of the credential after the scheme.
    ///
    /// - Parameters:
    ///   - token: The token.
    ///   - tenant: Whose token it has to be.
    ///   - lookedUp: What the authorization server said of it, once it was asked.
    ///   - hasWaited: Whether keys were asked for because of it already.
    ///   - now: Seconds since 1970.
    /// - Returns: Whose token it is, or why it is refused.
    @inline(__always)
    mutating func validate(
        _ token: Span<UInt8>,
        tenant: TenantIdentity,
        lookedUp: IntrospectionOutcome? = nil,
        hasWaited: Bool = false,
        now: Int64
    ) -> Outcome {
        if token.count <= tenant.tokenBytesMax,
            let known = cache.find(token: token, tenant: tenant, revocations: revocations, now: now)
        {
            hitsCount &+= 1
            return known.isRevoked ? .refused(.revoked) : .valid(known.principal)
        }
        missesCount &+= 1
        return judge(token, tenant, lookedUp, hasWaited, now)
    }

    /// Checks a token that is not remembered.
    @inline(never)
    private mutating func judge(
        _ token: Span<UInt8>,
        _ tenant: TenantIdentity,
        _ lookedUp: IntrospectionOutcome?,
        _ hasWaited: Bool,
        _ now: Int64
    ) -> Outcome {
        do throws(TokenRefusal) {
            if tenant.introspection != nil, tenant.isOpaque(token) {
                return try judgeOpaque(token, tenant, lookedUp, now)
            }
            let principal = try verify(token, tenant, hasWaited, now)
            return try admit(principal, tenant)
        } catch {
            return keysAreWanted ? .wantsKeys(error) : .refused(error)
        }
    }

    private func admit(
        _ principal: Principal,
        _ tenant: TenantIdentity
    ) throws(TokenRefusal) -> Outcome {
        guard !revocations.revokes(principal, tenant: tenant) else { throw .revoked }
        return .valid(principal)
    }

    /// Takes what the authorization server said, or has it asked.
    private mutating func judgeOpaque(
        _ token: Span<UInt8>,
        _ tenant: TenantIdentity,
        _ lookedUp: IntrospectionOutcome?,
        _ now: Int64
    ) throws(TokenRefusal) -> Outcome {
        keysAreWanted = false
        guard token.count <= tenant.tokenBytesMax, OpaqueToken.isWellFormed(token) else {
            throw .malformed
        }
        switch lookedUp {
        case .none: return .opaque
        case .refused(let refusal): throw refusal
        case .active(let principal, let usableUntil, let generation):
            // Found under rules that are no longer ours: it is asked for again.
            guard generation == tenant.rulesGeneration else { return .opaque }
            cache.insert(
                token: token,
                principal: principal,
                tenant: tenant,
                origin: .lookedUp(usableUntil: usableUntil),
                revocations: revocations,
                now: now
            )
            return try admit(principal, tenant)
        }
    }

    private mutating func verify(
        _ token: Span<UInt8>,
        _ tenant: TenantIdentity,
        _ hasWaited: Bool,
        _ now: Int64
    ) throws(TokenRefusal) -> Principal {
        keysAreWanted = false
        let parts = try CompactToken(token, bytesMax: tenant.tokenBytesMax)
        let header = try TokenHeader(Self.decode(token.extracting(parts.header)))
        try tenant.rules.checkType(of: header)
        let algorithm = try tenant.rules.checkAlgorithm(of: header)
        guard Base64URL.decode(token.extracting(parts.signature), into: &signature),
            !signature.isEmpty
        else { throw .malformed }
        guard let keys = tenant.keys else {
            keysAreWanted = !hasWaited && tenant.standing.source == .loading
            throw .keysUnavailable
        }
        let input = token.extracting(parts.signingInput)
        let key: VerificationKey
        do throws(TokenRefusal) {
            key = try checkSignature(over: input, header, algorithm, keys)
        } catch {
            throw settle(error, header, tenant, hasWaited, now)
        }
        let claims = try Claims(Self.decode(token.extracting(parts.claims)), type: header.type)
        try ClaimRules.check(claims, rules: tenant.rules, now: now)
        let principal = try Principal(
            claims,
            rules: tenant.rules,
            conditions: tenant.conditions,
            shadow: tenant.shadowConditions
        )
        cache.insert(
            token: token,
            principal: principal,
            tenant: tenant,
            origin: .signed(key: key, keysGeneration: keys.generation),
            revocations: revocations,
            now: now
        )
        return principal
    }

    /// Decides whether keys are worth a fetch because of a token that none of ours has signed.
    ///
    /// A key that is not there may exist all the same while its source fails: that is our fault and
    /// not the caller's. One that a fetch did not bring is not asked for again for a while.
    private mutating func settle(
        _ refusal: TokenRefusal,
        _ header: borrowing TokenHeader,
        _ tenant: TenantIdentity,
        _ hasWaited: Bool,
        _ now: Int64
    ) -> TokenRefusal {
        // Only a token that names no key may be of one that came later.
        guard refusal == .keyUnknown || refusal == .signature && !header.hasKeyID,
            let generation = tenant.keys?.generation
        else { return refusal }
        if tenant.standing.source == .failing {
            return refusal == .keyUnknown ? .keysUnavailable : refusal
        }
        guard refusal == .keyUnknown, let keyID = header.keyID else {
            keysAreWanted = !hasWaited
            return refusal
        }
        let isAbsent = absentKeys.contains(keyID, tenant.index, generation, now)
        if hasWaited && !isAbsent { absentKeys.insert(keyID, tenant.index, generation, now) }
        keysAreWanted = !hasWaited && !isAbsent
        return refusal
    }

    /// Tries the keys that the header leaves open.
    private mutating func checkSignature(
        over input: Span<UInt8>,
        _ header: borrowing TokenHeader,
        _ algorithm: SignatureAlgorithm,
        _ keys: KeySet
    ) throws(TokenRefusal) -> VerificationKey {
        let signature = self.signature
        var triedCount = 0
        var index = -1
        while triedCount < Self.keysTriedMax,
            let next = keys.nextCandidate(
                after: index,
                header: header,
                algorithm: algorithm
            )
        {
            index = next
            triedCount += 1
            let key = keys.keys[index]
            let isGood = verifier.verify(
                signature.span,
                over: input,
                key: key,
                algorithm: algorithm
            )
            if isGood { return key }
        }
        guard triedCount == 0 else { throw .signature }
        throw keys.hasKey(namedBy: header) ? .algorithm : .keyUnknown
    }

    private static func decode(_ part: Span<UInt8>) throws(TokenRefusal) -> [UInt8] {
        guard let bytes = Base64URL.decode(part) else { throw .malformed }
        return bytes
    }
}
