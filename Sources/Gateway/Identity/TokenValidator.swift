import Policy

/// Decides whose token a token is, or why it is refused; one for each loop.
///
/// The order: shape, header, type, algorithm, key, signature, and only then the claims, in the order
/// of `ClaimCheck`: nothing that a claim says counts before the signature has been verified.
struct TokenValidator: ~Copyable {
    private var verifier = SignatureVerifier()
    private var cache: VerifiedTokenCache

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

    init(cache: consuming VerifiedTokenCache = VerifiedTokenCache()) {
        self.cache = cache
        signature.reserveCapacity(1_024)
    }

    /// What became of a token.
    enum Outcome {
        case valid(Principal)

        /// Fresh keys may change the outcome when `wantsKeyRefresh`.
        case refused(TokenRefusal, wantsKeyRefresh: Bool)
    }

    /// Checks `token`, which must be all of the credential after `Bearer `.
    ///
    /// `now` is in seconds since 1970.
    mutating func validate(
        _ token: Span<UInt8>,
        tenant: TenantIdentity,
        now: Int64
    ) -> Outcome {
        if let keys = tenant.keys, token.count <= tenant.tokenBytesMax {
            let known = cache.find(
                token: token,
                tenant: tenant.index,
                rulesGeneration: tenant.rulesGeneration,
                keysGeneration: keys.generation,
                now: now
            )
            if let known {
                hitsCount &+= 1
                return .valid(known)
            }
        }
        missesCount &+= 1
        var wantsKeyRefresh = false
        do throws(TokenRefusal) {
            return .valid(try verify(token, tenant, now, &wantsKeyRefresh))
        } catch {
            return .refused(error, wantsKeyRefresh: wantsKeyRefresh)
        }
    }

    private mutating func verify(
        _ token: Span<UInt8>,
        _ tenant: TenantIdentity,
        _ now: Int64,
        _ wantsKeyRefresh: inout Bool
    ) throws(TokenRefusal) -> Principal {
        let parts = try CompactToken(token, bytesMax: tenant.tokenBytesMax)
        let header = try TokenHeader(Self.decode(token.extracting(parts.header)))
        try tenant.rules.checkType(of: header)
        let algorithm = try tenant.rules.checkAlgorithm(of: header)
        guard Base64URL.decode(token.extracting(parts.signature), into: &signature),
            !signature.isEmpty
        else { throw .malformed }
        guard let keys = tenant.keys else {
            wantsKeyRefresh = true
            throw .keysUnavailable
        }
        let input = token.extracting(parts.signingInput)
        try checkSignature(over: input, header, algorithm, keys, &wantsKeyRefresh)
        let claims = try Claims(Self.decode(token.extracting(parts.claims)), type: header.type)
        try ClaimRules.check(claims, rules: tenant.rules, now: now)
        let principal = try Principal(claims, rules: tenant.rules, conditions: tenant.conditions)
        cache.insert(
            token: token,
            principal: principal,
            tenant: tenant,
            keysGeneration: keys.generation,
            now: now
        )
        return principal
    }

    /// Tries the keys that the header leaves open.
    private mutating func checkSignature(
        over input: Span<UInt8>,
        _ header: borrowing TokenHeader,
        _ algorithm: SignatureAlgorithm,
        _ keys: KeySet,
        _ wantsKeyRefresh: inout Bool
    ) throws(TokenRefusal) {
        let signature = self.signature
        var triedCount = 0
        var index = -1
        while triedCount < Self.keysTriedMax,
            let next = keys.nextCandidate(after: index, header: header, algorithm: algorithm)
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
            if isGood { return }
        }
        if triedCount == 0 {
            guard !keys.hasKey(namedBy: header) else { throw .algorithm }
            wantsKeyRefresh = true
            throw .keyUnknown
        }
        // Only a token that names no key may be of one that came later.
        wantsKeyRefresh = !header.hasKeyID
        throw .signature
    }

    private static func decode(_ part: Span<UInt8>) throws(TokenRefusal) -> [UInt8] {
        guard let bytes = Base64URL.decode(part) else { throw .malformed }
        return bytes
    }
}
