import COpenSSL
import Policy
import Testing

@testable import Gateway

/// Signatures that stand at the edge of what FIPS 186-5 section 6.4.2 and RFC 7518 section 3.4 allow.
@Suite("ECDSA signatures")
struct ECDSASignatureTests {
    static let input = Array("eyJhbGciOiJ4In0.e30".utf8)

    /// The order of each group.
    static func order(_ curve: KeyCurve) -> [UInt8] {
        switch curve {
        case .p256:
            SignatureVectorTests.bytes(
                "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"
            )
        case .p384:
            SignatureVectorTests.bytes(
                "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
                    + "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973"
            )
        default:
            SignatureVectorTests.bytes(
                "01FF" + String(repeating: "FF", count: 31) + "FA"
                    + "51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409"
            )
        }
    }

    static let curves: [KeyCurve] = [.p256, .p384, .p521]

    /// A key, a good signature of it, and what its halves are.
    struct Signed {
        let key: VerificationKey
        let algorithm: SignatureAlgorithm
        let r: [UInt8]
        let s: [UInt8]

        init(_ curve: KeyCurve) throws {
            let signing = try SigningKey.generate(.curve(curve))
            key = try #require(IdentityScene.keySet([signing]).keys.first)
            algorithm = curve.algorithm
            let signature = try signing.sign(ECDSASignatureTests.input, algorithm)
            r = Array(signature.prefix(curve.byteCount))
            s = Array(signature.suffix(curve.byteCount))
        }

        func verifies(_ signature: [UInt8]) -> Bool {
            var verifier = SignatureVerifier()
            let isGood = verifier.verify(
                signature.span,
                over: ECDSASignatureTests.input.span,
                key: key,
                algorithm: algorithm
            )
            #expect(ERR_peek_error() == 0)
            return isGood
        }
    }

    @Test("s and the order less s are both good", arguments: curves)
    func highS(_ curve: KeyCurve) throws {
        let signed = try Signed(curve)
        #expect(signed.verifies(signed.r + signed.s))
        #expect(signed.verifies(signed.r + Self.order(curve).subtracting(signed.s)))
    }

    @Test("r and s are from 1 to the order less 1", arguments: curves)
    func range(_ curve: KeyCurve) throws {
        let signed = try Signed(curve)
        let (r, s, order) = (signed.r, signed.s, Self.order(curve))
        let zero = [UInt8](repeating: 0, count: curve.byteCount)
        let one = Array(zero.dropLast()) + [1]
        let greatest = order.subtracting(one)
        let edges = [zero, one, greatest, order, order.adding(one) ?? order]
        let huge = [UInt8](repeating: 0xFF, count: curve.byteCount)
        for edge in edges + [huge] {
            #expect(!signed.verifies(r + edge))
            #expect(!signed.verifies(edge + s))
            for other in edges { #expect(!signed.verifies(edge + other)) }
        }
    }

    @Test("a value that is right only modulo the order is refused", arguments: curves)
    func modulo(_ curve: KeyCurve) throws {
        let signed = try Signed(curve)
        let order = Self.order(curve)
        // Below 2^528 there is room for it on P-521 always, on the others hardly ever.
        if let sum = signed.r.adding(order) { #expect(!signed.verifies(sum + signed.s)) }
        if let sum = signed.s.adding(order) { #expect(!signed.verifies(signed.r + sum)) }
        if curve == .p521 { #expect(signed.r.adding(order) != nil) }
    }

    @Test("the length is that of the curve, and r and s stand in this order", arguments: curves)
    func shape(_ curve: KeyCurve) throws {
        let signed = try Signed(curve)
        let (r, s) = (signed.r, signed.s)
        #expect(!signed.verifies(s + r))
        #expect(!signed.verifies(r))
        #expect(!signed.verifies([0] + r + [0] + s))
        #expect(!signed.verifies(r + [0] + s))
        #expect(!signed.verifies([0] + r + s))
        #expect(!signed.verifies(r + s + [0]))
        #expect(!signed.verifies(Array(r.dropFirst()) + s))
        #expect(!signed.verifies(r + Array(s.dropLast())))
        #expect(!signed.verifies([]))
    }

    @Test("a signature in DER is refused, also one of the right length", arguments: curves)
    func der(_ curve: KeyCurve) throws {
        let signed = try Signed(curve)
        var der = DER()
        der.add(sequence: { der in
            der.add(integer: signed.r)
            der.add(integer: signed.s)
        })
        #expect(!signed.verifies(der.bytes))
        let wanted = curve.byteCount * 2
        let padding = [UInt8](repeating: 0, count: max(0, wanted - der.bytes.count))
        #expect(!signed.verifies(Array((der.bytes + padding).prefix(wanted))))
    }
}

extension [UInt8] {
    /// The sum of two numbers of one length, highest byte first; `nil` when it does not fit.
    func adding(_ other: [UInt8]) -> [UInt8]? {
        var sum = self
        var carry = 0
        for index in indices.reversed() {
            let digit = Int(self[index]) + Int(other[index]) + carry
            sum[index] = UInt8(digit & 0xFF)
            carry = digit >> 8
        }
        return carry == 0 ? sum : nil
    }

    /// The difference of two numbers of one length, highest byte first, the second not greater.
    func subtracting(_ other: [UInt8]) -> [UInt8] {
        var difference = self
        var borrow = 0
        for index in indices.reversed() {
            let digit = Int(self[index]) - Int(other[index]) - borrow
            difference[index] = UInt8(digit & 0xFF)
            borrow = digit < 0 ? 1 : 0
        }
        return difference
    }
}
