import COpenSSL
import Policy
import Testing

@testable import Gateway

/// Keys and signatures at the edge of what RFC 8032 sections 5.1 and 5.2 allow.
@Suite("EdDSA keys and signatures")
struct EdwardsSignatureTests {
    static let input = Array("eyJhbGciOiJ4In0.e30".utf8)

    /// The order of the base point, lowest byte first, as long as `s`.
    static func order(_ curve: KeyCurve) -> [UInt8] {
        let highestFirst =
            curve == .ed25519
            ? "1000000000000000000000000000000014DEF9DEA2F79CD65812631A5CF5D3ED"
            : "003FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
                + "7CCA23E9C44EDB49AED63690216CC2728DC58F552378C292AB5844F3"
        return SignatureVectorTests.bytes(highestFirst).reversed()
    }

    @Test("s is below the order", arguments: [KeyCurve.ed25519, .ed448])
    func order(_ curve: KeyCurve) throws {
        let signing = try SigningKey.generate(.curve(curve))
        let key = try #require(IdentityScene.keySet([signing]).keys.first)
        let good = try signing.sign(Self.input, .edDSA)
        let half = curve.byteCount
        #expect(good.count == half * 2)
        var verifier = SignatureVerifier()
        func verifies(_ signature: [UInt8]) -> Bool {
            let isGood = verifier.verify(
                signature.span,
                over: Self.input.span,
                key: key,
                algorithm: .edDSA
            )
            #expect(ERR_peek_error() == 0)
            return isGood
        }
        #expect(verifies(good))
        let r = Array(good.prefix(half))
        let s = Array(good.suffix(half).reversed())
        let order = Array(Self.order(curve).reversed())
        let sum = try #require(s.adding(order))
        #expect(!verifies(r + sum.reversed()))
        let zero = [UInt8](repeating: 0, count: half)
        for value in [zero, order.reversed(), [UInt8](repeating: 0xFF, count: half)] {
            #expect(!verifies(r + value))
            #expect(!verifies(value + value))
        }
        #expect(!verifies(good + [0]))
        #expect(!verifies(Array(good.dropLast())))
        #expect(!verifies([0] + good))
    }

    /// Points of small order, then spellings of y that are not below the prime.
    static let badKeys: [(KeyCurve, String)] = [
        (.ed25519, "0000000000000000000000000000000000000000000000000000000000000000"),
        (.ed25519, "0000000000000000000000000000000000000000000000000000000000000080"),
        (.ed25519, "0100000000000000000000000000000000000000000000000000000000000000"),
        (.ed25519, "0100000000000000000000000000000000000000000000000000000000000080"),
        (.ed25519, "ECFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F"),
        (.ed25519, "ECFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"),
        (.ed25519, "26E8958FC2B227B045C3F489F2EF98F0D5DFAC05D3C63339B13802886D53FC05"),
        (.ed25519, "26E8958FC2B227B045C3F489F2EF98F0D5DFAC05D3C63339B13802886D53FC85"),
        (.ed25519, "C7176A703D4DD84FBA3C0B760D10670F2A2053FA2C39CCC64EC7FD7792AC037A"),
        (.ed25519, "C7176A703D4DD84FBA3C0B760D10670F2A2053FA2C39CCC64EC7FD7792AC03FA"),
        (.ed25519, "EDFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F"),
        (.ed25519, "EDFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"),
        (.ed25519, "EEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F"),
        (.ed25519, "F0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F"),
        (.ed25519, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"),
        (.ed448, String(repeating: "00", count: 57)),
        (.ed448, String(repeating: "00", count: 56) + "80"),
        (.ed448, "01" + String(repeating: "00", count: 56)),
        (.ed448, "FE" + minusOne + "00"), (.ed448, "FE" + minusOne + "80"),
        (.ed448, "FF" + minusOne + "00"), (.ed448, String(repeating: "FF", count: 56) + "00"),
        (.ed448, "02" + String(repeating: "00", count: 55) + "01"),
        (.ed448, "02" + String(repeating: "00", count: 55) + "40"),
    ]

    /// Of the prime, what follows its lowest byte.
    private static let minusOne =
        String(repeating: "FF", count: 27) + "FE" + String(repeating: "FF", count: 27)

    @Test("a key of small order or with another spelling is left out", arguments: badKeys)
    func badKey(_ curve: KeyCurve, _ key: String) throws {
        let x = Base64URL.encode(SignatureVectorTests.bytes(key))
        let text = #"{"keys":[{"kty":"OKP","crv":"\#(curve.rawValue)","x":"\#(x)"}]}"#
        let set = try KeySet(reading: Array(text.utf8))
        #expect(set.keys.isEmpty)
        #expect(set.problems.first?.hasSuffix(JWK.Problem.notAPoint.words) == true)
    }

    @Test("a key of another length is left out", arguments: [0, 1, 31, 33, 56, 58, 64])
    func length(_ count: Int) throws {
        for curve in [KeyCurve.ed25519, .ed448] {
            let x = Base64URL.encode([UInt8](repeating: 9, count: count))
            let text = #"{"keys":[{"kty":"OKP","crv":"\#(curve.rawValue)","x":"\#(x)"}]}"#
            #expect(try KeySet(reading: Array(text.utf8)).keys.isEmpty)
        }
    }
}
