import COpenSSL
import Policy

/// Verifies signatures; one for each loop, because what it works with is used again.
///
/// However a verification ends, OpenSSL's error queue is empty afterwards.
@safe struct SignatureVerifier: ~Copyable {
    /// `EVP_MD_CTX *`.
    private let context: OpaquePointer

    /// Contexts of the keys used last, so that a signature costs no set-up.
    private var prepared = PreparedVerifications()

    /// The DER form of an ECDSA signature.
    private var encoded: [UInt8] = []

    init() {
        guard let context = unsafe EVP_MD_CTX_new() else {
            preconditionFailure("no memory for a digest context")
        }
        unsafe self.context = context
        encoded.reserveCapacity(160)
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Whether `signature` is that of `key` over `input` under `algorithm`.
    mutating func verify(
        _ signature: Span<UInt8>,
        over input: Span<UInt8>,
        key: VerificationKey,
        algorithm: SignatureAlgorithm
    ) -> Bool {
        guard key.fits(algorithm) else { return false }
        let isGood: Bool
        switch key.kind {
        case .rsa: isGood = verifyDigest(signature, over: input, key, algorithm)
        case .curve(let curve) where curve.isEdwards:
            isGood = verifyWhole(signature, over: input, key)
        case .curve(let curve):
            guard encode(signature, curve: curve) else { return false }
            let encoded = self.encoded
            isGood = verifyDigest(encoded.span, over: input, key, algorithm)
        }
        // A good signature leaves nothing there either, and an old error must not stay.
        if ERR_peek_error() != 0 { ERR_clear_error() }
        return isGood
    }

    /// RSA and ECDSA: the digest first, then the signature over it.
    private mutating func verifyDigest(
        _ signature: Span<UInt8>,
        over input: Span<UInt8>,
        _ key: VerificationKey,
        _ algorithm: SignatureAlgorithm
    ) -> Bool {
        let address = prepared.context(of: key, algorithm)
        guard address != 0, let type = unsafe algorithm.digest else { return false }
        var digest: InlineArray<64, UInt8> = .init(repeating: 0)
        var target = digest.mutableSpan
        var length: UInt32 = 0
        let isDigested = unsafe target.withUnsafeMutableBufferPointer { target in
            unsafe input.withUnsafeBufferPointer { input in
                unsafe EVP_DigestInit_ex(context, type, nil) == 1
                    && EVP_DigestUpdate(context, input.baseAddress, input.count) == 1
                    && EVP_DigestFinal_ex(context, target.baseAddress, &length) == 1
            }
        }
        guard isDigested, length == UInt32(unsafe EVP_MD_get_size(type)) else { return false }
        return unsafe signature.withUnsafeBufferPointer { signature in
            unsafe digest.span.withUnsafeBufferPointer { digest in
                unsafe EVP_PKEY_verify(
                    OpaquePointer(bitPattern: address),
                    signature.baseAddress,
                    signature.count,
                    digest.baseAddress,
                    Int(length)
                ) == 1
            }
        }
    }

    /// EdDSA, which takes the text itself.
    private func verifyWhole(
        _ signature: Span<UInt8>,
        over input: Span<UInt8>,
        _ key: VerificationKey
    ) -> Bool {
        let address = unsafe OpaquePointer(bitPattern: key.address)
        // Without a reset the context would verify with the key that it was first used with.
        unsafe EVP_MD_CTX_reset(context)
        guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, address) == 1 else {
            return false
        }
        let isGood = unsafe signature.withUnsafeBufferPointer { signature in
            unsafe input.withUnsafeBufferPointer { input in
                unsafe EVP_DigestVerify(
                    context,
                    signature.baseAddress,
                    signature.count,
                    input.baseAddress,
                    input.count
                ) == 1
            }
        }
        unsafe EVP_MD_CTX_reset(context)
        return isGood
    }

    /// Brings `r` and `s`, which stand one after the other in a fixed length (RFC 7518 section 3.4),
    /// into the form that OpenSSL takes; `false` when the length is wrong or one of them is 0.
    private mutating func encode(_ signature: Span<UInt8>, curve: KeyCurve) -> Bool {
        let half = curve.byteCount
        guard signature.count == half * 2 else { return false }
        encoded.removeAll(keepingCapacity: true)
        let r = Self.firstDigit(of: signature, in: 0..<half)
        let s = Self.firstDigit(of: signature, in: half..<half * 2)
        guard r < half, s < half * 2 else { return false }
        let length =
            Self.integerCount(signature, r, half) + Self.integerCount(signature, s, half * 2)
        encoded.append(0x30)
        if length >= 0x80 { encoded.append(0x81) }
        encoded.append(UInt8(length))
        append(signature, r, half)
        append(signature, s, half * 2)
        return true
    }

    private static func firstDigit(of signature: Span<UInt8>, in range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index < range.upperBound, signature[index] == 0 { index += 1 }
        return index
    }

    /// The length of a DER integer with its tag and length.
    private static func integerCount(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        end - start + Int(bytes[start] >> 7) + 2
    }

    private mutating func append(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
        let isHigh = bytes[start] >> 7 == 1
        encoded.append(0x02)
        encoded.append(UInt8(end - start) + (isHigh ? 1 : 0))
        if isHigh { encoded.append(0) }
        for index in start..<end { encoded.append(bytes[index]) }
    }
}

extension SignatureAlgorithm {
    /// `EVP_MD *`; `nil` for EdDSA, which brings its own.
    @unsafe var digest: OpaquePointer? {
        switch self {
        case .rs256, .ps256, .es256: unsafe EVP_sha256()
        case .rs384, .ps384, .es384: unsafe EVP_sha384()
        case .rs512, .ps512, .es512: unsafe EVP_sha512()
        case .edDSA: nil
        }
    }
}
