import COpenSSL
import Policy
import Testing

@testable import Gateway

@Suite("Signature verifier")
struct SignatureVerifierTests {
    static let input = Array("eyJhbGciOiJ4In0.e30".utf8)

    static func choice(for algorithm: SignatureAlgorithm) -> SigningKey.Choice {
        switch algorithm {
        case .es256: .curve(.p256)
        case .es384: .curve(.p384)
        case .es512: .curve(.p521)
        case .edDSA: .curve(.ed25519)
        default: .rsa2048
        }
    }

    /// A key whose JWK says nothing of its algorithm.
    static func verificationKey(_ key: SigningKey) throws -> VerificationKey {
        let jwk = try key.publicJWK().replacing(
            "\"alg\":\"\(key.algorithm.rawValue)\"",
            with: "\"none\":0"
        )
        return try #require(KeySet(Array("{\"keys\":[\(jwk)]}".utf8)).keys.first)
    }

    @Test(
        "a signature verifies under its own algorithm only",
        arguments: SignatureAlgorithm.allCases
    )
    func ownAlgorithm(_ algorithm: SignatureAlgorithm) throws {
        let key = try SigningKey.generate(Self.choice(for: algorithm))
        let verificationKey = try Self.verificationKey(key)
        let signature = try key.sign(Self.input, algorithm)
        var verifier = SignatureVerifier()
        for other in SignatureAlgorithm.allCases {
            let isGood = verifier.verify(
                signature.span,
                over: Self.input.span,
                key: verificationKey,
                algorithm: other
            )
            #expect(isGood == (other == algorithm), "\(other)")
            #expect(ERR_peek_error() == 0)
        }
    }

    @Test func `Ed448 verifies as EdDSA`() throws {
        let key = try SigningKey.generate(.curve(.ed448))
        let verificationKey = try Self.verificationKey(key)
        let signature = try key.sign(Self.input, .edDSA)
        var verifier = SignatureVerifier()
        let isGood = verifier.verify(
            signature.span,
            over: Self.input.span,
            key: verificationKey,
            algorithm: .edDSA
        )
        #expect(isGood)
    }

    @Test("r and s out of range are refused", arguments: [KeyCurve.p256, .p384, .p521])
    func range(_ curve: KeyCurve) throws {
        let key = try SigningKey.generate(.curve(curve))
        let verificationKey = try Self.verificationKey(key)
        let good = try key.sign(Self.input, curve.algorithm)
        let half = curve.byteCount
        let zero = [UInt8](repeating: 0, count: half)
        let huge = [UInt8](repeating: 0xFF, count: half)
        let one = Array(zero.dropLast()) + [1]
        let r = Array(good.prefix(half))
        let s = Array(good.suffix(half))
        var verifier = SignatureVerifier()
        let pairs: [([UInt8], [UInt8])] = [
            (zero, zero), (zero, s), (r, zero), (huge, s), (r, huge), (huge, huge), (one, one),
        ]
        for (badR, badS) in pairs {
            let bad = badR + badS
            let isGood = verifier.verify(
                bad.span,
                over: Self.input.span,
                key: verificationKey,
                algorithm: curve.algorithm
            )
            #expect(!isGood)
            #expect(ERR_peek_error() == 0)
        }
    }

    @Test func `one verifier keeps many keys apart`() throws {
        let keys = try SignatureAlgorithm.allCases.map {
            ($0, try SigningKey.generate(Self.choice(for: $0)))
        }
        let verificationKeys = try keys.map { try Self.verificationKey($0.1) }
        let signatures = try keys.map { try $0.1.sign(Self.input, $0.0) }
        var verifier = SignatureVerifier()
        for _ in 0..<2 {
            for (keyIndex, key) in verificationKeys.enumerated() {
                for (index, signature) in signatures.enumerated() where key.fits(keys[index].0) {
                    let isGood = verifier.verify(
                        signature.span,
                        over: Self.input.span,
                        key: key,
                        algorithm: keys[index].0
                    )
                    #expect(isGood == (index == keyIndex))
                }
            }
        }
    }

    @Test func `a DER signature is refused where r and s are wanted`() throws {
        let key = try SigningKey.generate(.curve(.p256))
        let good = try key.sign(Self.input, .es256)
        var der = DER()
        der.add(sequence: { der in
            der.add(integer: Array(good.prefix(32)))
            der.add(integer: Array(good.suffix(32)))
        })
        var verifier = SignatureVerifier()
        let verificationKey = try Self.verificationKey(key)
        let isGood = verifier.verify(
            der.bytes.span,
            over: Self.input.span,
            key: verificationKey,
            algorithm: .es256
        )
        #expect(!isGood)
    }

    @Test func `a PSS signature with another salt length is refused`() throws {
        let key = try SigningKey.generate(.rsa2048)
        let verificationKey = try Self.verificationKey(key)
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        var keyContext: OpaquePointer?
        let address = unsafe OpaquePointer(bitPattern: key.address)
        unsafe EVP_DigestSignInit(context, &keyContext, EVP_sha256(), nil, address)
        unsafe _ = postern_EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PSS_PADDING)
        unsafe _ = postern_EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, 20)
        var signature = [UInt8](repeating: 0, count: 256)
        var count = 256
        unsafe EVP_DigestSign(context, &signature, &count, Self.input, Self.input.count)
        var verifier = SignatureVerifier()
        let isGood = verifier.verify(
            signature.span,
            over: Self.input.span,
            key: verificationKey,
            algorithm: .ps256
        )
        #expect(!isGood)
        #expect(ERR_peek_error() == 0)
    }
}
