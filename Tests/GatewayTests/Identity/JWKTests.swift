import COpenSSL
import Policy
import Testing

@testable import Gateway

@Suite("JWK")
struct JWKTests {
    /// Why a key is left out; `nil` when it is used.
    static func problem(_ text: String) throws -> String? {
        let set = try KeySet(reading: Array("{\"keys\":[\(text)]}".utf8))
        #expect(set.keys.count + set.problems.count == 1, "\(set.problems)")
        #expect(ERR_peek_error() == 0)
        return set.problems.first.map { String($0.dropFirst("key 1 ".count)) }
    }

    static func rsa(_ modulus: [UInt8], exponent: [UInt8] = [1, 0, 1]) -> String {
        let (n, e) = (Base64URL.encode(modulus), Base64URL.encode(exponent))
        return #"{"kty":"RSA","n":"\#(n)","e":"\#(e)"}"#
    }

    /// An odd number of so many bits that no small prime divides.
    static func modulus(bits: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (bits + 7) / 8)
        bytes[0] = 1 << ((bits - 1) % 8)
        let product: UInt64 = 3 * 5 * 7 * 11 * 13 * 17 * 19 * 23 * 29
        // The lowest bytes make it one more than a multiple of all of them, and odd.
        let rest = bytes.reduce(0 as UInt64) { ($0 << 8 | UInt64($1)) % product }
        var low = product - rest + 1
        if low & 1 == 0 { low += product }
        for index in 0..<8 { bytes[bytes.count - 1 - index] = UInt8(low >> (8 * index) & 0xFF) }
        return bytes
    }

    @Test(
        "RSA keys have 2048 to 8192 bits",
        arguments: [
            (1_024, false), (2_047, false), (2_048, true), (2_049, true), (3_072, true),
            (4_096, true),
            (8_192, true), (8_193, false), (16_384, false),
        ]
    )
    func rsaSize(_ bits: Int, _ isUsed: Bool) throws {
        let problem = try Self.problem(Self.rsa(Self.modulus(bits: bits)))
        #expect(problem == (isUsed ? nil : JWK.Problem.rsaSize(bits).words))
    }

    static let exponents: [([UInt8], JWK.Problem?)] = [
        ([3], nil), ([17], nil), ([1, 0, 1], nil), ([0xFF, 0xFF, 0xFF, 0xFF], nil), ([0], .badRSA),
        ([1], .badRSA), ([2], .badRSA), ([1, 0, 0], .badRSA), ([1, 0, 0, 0, 1], .badRSA),
        ([0, 1, 0, 1], .notMinimal("e")),
    ]

    @Test("an RSA exponent is odd, more than 1 and has at most 32 bits", arguments: exponents)
    func rsaExponent(_ exponent: [UInt8], _ problem: JWK.Problem?) throws {
        let key = Self.rsa(Self.modulus(bits: 2_048), exponent: exponent)
        #expect(try Self.problem(key) == problem?.words)
    }

    @Test(
        "a modulus that everybody can factor is refused",
        arguments: [
            2, 3, 5, 7, 11, 13, 17, 19, 23, 29,
        ]
    )
    func smallFactor(_ prime: Int) throws {
        var bytes = Self.modulus(bits: 2_048)
        // What is one more than a multiple of the prime becomes a multiple of it.
        while bytes.reduce(0, { ($0 << 8 | Int($1)) % prime }) != 0 {
            let index = try #require(bytes.lastIndex { $0 < 0xFE })
            bytes[index] += prime == 2 ? 1 : 2
        }
        #expect(try Self.problem(Self.rsa(bytes)) == JWK.Problem.badRSA.words)
    }

    @Test("the modulus stands in the fewest bytes")
    func modulusZeros() throws {
        let key = Self.rsa([0] + Self.modulus(bits: 2_048))
        #expect(try Self.problem(key) == JWK.Problem.notMinimal("n").words)
    }

    @Test("a key on each curve is used", arguments: KeyCurve.allCases)
    func curves(_ curve: KeyCurve) throws {
        let jwk = try SigningKey.generate(.curve(curve), keyID: "a").publicJWK()
        let set = try KeySet(Array("{\"keys\":[\(jwk)]}".utf8))
        #expect(set.keys.map(\.kind) == [.curve(curve)])
        #expect(set.keys.first?.fits(curve.algorithm) == true)
        #expect(set.keys.first?.keyID == Array("a".utf8))
    }

    @Test(
        "a point off its curve, at infinity or of another length is refused",
        arguments: [
            KeyCurve.p256, .p384, .p521,
        ]
    )
    func points(_ curve: KeyCurve) throws {
        let zeros = [UInt8](repeating: 0, count: curve.byteCount)
        let ones = [UInt8](repeating: 0xFF, count: curve.byteCount)
        let one = zeros.dropLast() + [1]
        let coordinates: [([UInt8], [UInt8])] = [
            (zeros, zeros), (Array(one), Array(one)), (ones, ones), (zeros + [1], zeros),
            (Array(zeros.dropLast()), zeros),
        ]
        for (x, y) in coordinates {
            let text = """
                {"kty":"EC","crv":"\(curve.rawValue)","x":"\(Base64URL.encode(x))",\
                "y":"\(Base64URL.encode(y))"}
                """
            #expect(try Self.problem(text) == JWK.Problem.notAPoint.words)
        }
    }

    static func edwards(_ curve: KeyCurve, _ x: [UInt8]) -> String {
        #"{"kty":"OKP","crv":"\#(curve.rawValue)","x":"\#(Base64URL.encode(x))"}"#
    }

    @Test("an Edwards key of small order, not reduced or of another length is refused")
    func edwardsKeys() throws {
        let zeros = [UInt8](repeating: 0, count: 32)
        let prime = [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
        let bad: [(KeyCurve, [UInt8])] = [
            (.ed25519, zeros), (.ed25519, [1] + zeros.dropFirst()), (.ed25519, prime),
            (.ed25519, [0xEC] + prime.dropFirst()), (.ed25519, [0xEE] + prime.dropFirst()),
            (.ed25519, zeros + [1]), (.ed25519, Array(zeros.dropFirst())),
            // With the sign of x set they are the same points.
            (.ed25519, zeros.dropLast() + [0x80]),
            (.ed25519, [1] + zeros.dropFirst().dropLast() + [0x80]),
            (.ed448, [UInt8](repeating: 0, count: 57)),
            (.ed448, [1] + [UInt8](repeating: 0, count: 56)),
            (.ed448, [UInt8](repeating: 0xFF, count: 56) + [0]),
            (.ed448, [2] + [UInt8](repeating: 0, count: 55) + [1]),
        ]
        for (curve, x) in bad {
            let problem = try Self.problem(Self.edwards(curve, x))
            #expect(problem == JWK.Problem.notAPoint.words, "\(x)")
        }
    }

    @Test("unknown members are ignored, repeated ones are not JSON for us")
    func members() throws {
        let key = SignatureVectorTests.vectors[1].jwk.dropLast()
        #expect(try Self.problem(key + #","x5c":["x"],"x5u":"https://evil/","ext":true}"#) == nil)
        #expect(throws: KeyFailure.self) { _ = try Self.problem(key + #","kty":"RSA"}"#) }
    }

    @Test(
        "each private member makes a key unusable",
        arguments: [
            "d", "p", "q", "dp", "dq", "qi", "oth", "k",
        ]
    )
    func privateMembers(_ name: String) throws {
        for key in [SignatureVectorTests.vectors[0].jwk, SignatureVectorTests.vectors[3].jwk] {
            let problem = try Self.problem(key.dropLast() + ",\"\(name)\":\"AQ\"}")
            #expect(problem == JWK.Problem.privatePart.words)
        }
    }
}
