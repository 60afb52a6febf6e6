import COpenSSL
import Policy
import Testing

@testable import Gateway

/// Encoded messages that a lenient verifier would take, RFC 8017 sections 8.1.2, 8.2.2 and 9.2.
@Suite("RSA signatures")
struct RSASignatureTests {
    static let input = Array("eyJhbGciOiJ4In0.e30".utf8)
    static let size = 256

    private static let made = Result { try SigningKey.generate(.rsa2048) }

    static func key() throws -> SigningKey { try made.get() }

    static func verifies(
        _ signature: [UInt8],
        over input: [UInt8] = input,
        _ algorithm: SignatureAlgorithm
    ) throws -> Bool {
        let key = try SignatureVerifierTests.verificationKey(key())
        var verifier = SignatureVerifier()
        let isGood = verifier.verify(
            signature.span,
            over: input.span,
            key: key,
            algorithm: algorithm
        )
        #expect(ERR_peek_error() == 0)
        return isGood
    }

    /// The private operation on a whole block.
    static func raw(_ block: [UInt8]) throws -> [UInt8] {
        let address = try UInt(key().address)
        let context = unsafe EVP_PKEY_CTX_new(OpaquePointer(bitPattern: address), nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: size)
        var count = size
        unsafe #expect(EVP_PKEY_sign_init(context) == 1)
        unsafe #expect(postern_EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1)
        unsafe #expect(EVP_PKEY_sign(context, &signature, &count, block, block.count) == 1)
        return signature
    }

    /// `00 type padding 00 rest`, the padding as long as there is room unless a length is given.
    static func block(
        _ rest: [UInt8],
        type: UInt8 = 1,
        filler: UInt8 = 0xFF,
        count: Int? = nil,
        behind: UInt8 = 0
    ) -> [UInt8] {
        let padding = [UInt8](repeating: filler, count: count ?? size - rest.count - 3)
        let block = [0, type] + padding + [0] + rest
        return block + [UInt8](repeating: behind, count: size - block.count)
    }

    static let digest = KeyDigest.bytes(input)
    static let sha256 =
        SignatureVectorTests.bytes("3031300D060960864801650304020105000420") + digest

    static let badBlocks: [(String, [UInt8])] = [
        ("no digest info", block(digest)),
        ("no parameters", block(tagged("302F300B0609608648016503040201") + [4, 32] + digest)),
        ("length in two bytes", block(tagged("308131300D060960864801650304020105000420") + digest)),
        ("SHA-384 said", block(tagged("3031300D060960864801650304020205000420") + digest)),
        ("SHA-512/256 said", block(tagged("3031300D060960864801650304020605000420") + digest)),
        ("garbage behind", block(sha256, count: 8)),
        ("garbage of ones behind", block(sha256, count: 8, behind: 0xFF)),
        (
            "garbage inside",
            block(tagged("3081CD300D06096086480165030402010500") + [4, 32] + digest)
        ),
        ("type 0", block(sha256, type: 0, filler: 0)), ("type 2", block(sha256, type: 2)),
        ("padding of another byte", block(sha256, filler: 0xFE)),
        ("no end of the padding", [0, 1] + [UInt8](repeating: 0xFF, count: 203) + sha256),
        ("another digest", block(sha256.dropLast() + [sha256[50] ^ 1])),
        ("nothing but zeros", [UInt8](repeating: 0, count: size - 1) + [1]),
    ]

    private static func tagged(_ text: String) -> [UInt8] { SignatureVectorTests.bytes(text) }

    @Test func `the block of RFC 8017 section 9_2 is good`() throws {
        let signature = try Self.raw(Self.block(Self.sha256))
        #expect(try signature == Self.key().sign(Self.input, .rs256))
        #expect(try Self.verifies(signature, .rs256))
        #expect(try !Self.verifies(signature, .rs384))
        #expect(try !Self.verifies(signature, .ps256))
    }

    @Test("any other block is refused", arguments: badBlocks)
    func refused(_ name: String, _ block: [UInt8]) throws {
        #expect(block.count == Self.size)
        #expect(try !Self.verifies(Self.raw(block), .rs256))
    }

    @Test(
        "a signature is as long as its key, with its leading zeros",
        arguments: [SignatureAlgorithm.rs256, .ps256, .ps384]
    )
    func leadingZero(_ algorithm: SignatureAlgorithm) throws {
        var input = Self.input
        var signature = try Self.key().sign(input, algorithm)
        for number in 0..<20_000 where signature[0] != 0 {
            input = Self.input + Array(String(number).utf8)
            signature = try Self.key().sign(input, algorithm)
        }
        try #require(signature[0] == 0)
        #expect(try Self.verifies(signature, over: input, algorithm))
        #expect(try !Self.verifies(Array(signature.dropFirst()), over: input, algorithm))
        #expect(try !Self.verifies([0] + signature, over: input, algorithm))
        #expect(try !Self.verifies(signature + [0], over: input, algorithm))
        #expect(try !Self.verifies(Array(signature.dropLast()), over: input, algorithm))
    }

    @Test("numbers that prove nothing are refused", arguments: [0 as UInt8, 1, 0xFF])
    func fixedPoints(_ last: UInt8) throws {
        let filler: UInt8 = last == 0xFF ? 0xFF : 0
        let signature = [UInt8](repeating: filler, count: Self.size - 1) + [last]
        for algorithm in SignatureAlgorithm.allCases where algorithm.isRSA {
            #expect(try !Self.verifies(signature, algorithm))
        }
    }

    @Test("the salt of PSS is as long as the digest", arguments: [0, 20, 31, 32, 33, 64, 222])
    func salt(_ count: Int) throws {
        let signature = try unsafe Self.pss(salt: Int32(count), mask: EVP_sha256())
        #expect(try Self.verifies(signature, .ps256) == (count == 32))
        #expect(try !Self.verifies(signature, .rs256))
    }

    @Test func `the mask of PSS is made with the same digest`() throws {
        let signatures = try unsafe [
            Self.pss(salt: 32, mask: EVP_sha1()), Self.pss(salt: 32, mask: EVP_sha384()),
            Self.pss(salt: 32, mask: EVP_sha512()),
        ]
        for signature in signatures { #expect(try !Self.verifies(signature, .ps256)) }
    }

    @unsafe private static func pss(salt: Int32, mask: OpaquePointer?) throws -> [UInt8] {
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        var options: OpaquePointer?
        let address = try unsafe OpaquePointer(bitPattern: key().address)
        unsafe #expect(EVP_DigestSignInit(context, &options, EVP_sha256(), nil, address) == 1)
        unsafe _ = postern_EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING)
        unsafe _ = postern_EVP_PKEY_CTX_set_rsa_pss_saltlen(options, salt)
        unsafe #expect(EVP_PKEY_CTX_set_rsa_mgf1_md(options, mask) == 1)
        var signature = [UInt8](repeating: 0, count: size)
        var count = size
        unsafe #expect(EVP_DigestSign(context, &signature, &count, input, input.count) == 1)
        return signature
    }
}
