import Testing

@testable import Gateway

@Suite("Proof nonces")
struct ProofNoncesTests {
    static let now: Int64 = 1_700_000_040

    @Test func `a nonce is taken in its slot and in the next, then no more`() {
        let nonces = ProofNonces()
        let begin = Self.now / ProofNonces.slotSeconds * ProofNonces.slotSeconds
        let nonce = nonces.current(at: begin)
        let end = begin + ProofNonces.slotSeconds
        #expect(nonces.current(at: end - 1) == nonce)
        #expect(nonces.standing(of: nonce, at: begin) == .current)
        #expect(nonces.standing(of: nonce, at: end - 1) == .current)
        #expect(nonces.standing(of: nonce, at: end) == .previous)
        #expect(nonces.standing(of: nonce, at: end + ProofNonces.slotSeconds - 1) == .previous)
        #expect(nonces.standing(of: nonce, at: end + ProofNonces.slotSeconds) == .unknown)
        #expect(nonces.standing(of: nonce, at: begin - 1) == .unknown)
    }

    @Test func `the nonce of another process is unknown`() {
        let other = ProofNonces().current(at: Self.now)
        #expect(ProofNonces().standing(of: other, at: Self.now) == .unknown)
    }

    @Test func `what is no nonce is unknown`() {
        let nonces = ProofNonces()
        let good = nonces.current(at: Self.now)
        for other in [[], [0], Array(good.dropLast()), good + [0x41], good.map { $0 ^ 1 }] {
            #expect(nonces.standing(of: other, at: Self.now) == .unknown)
        }
    }

    @Test func `a nonce can stand in a header field`() {
        let nonce = ProofNonces().current(at: Self.now)
        #expect(nonce.count == 22)
        for byte in nonce {
            let isLetter = 0x41...0x5A ~= byte || 0x61...0x7A ~= byte
            #expect(isLetter || 0x30...0x39 ~= byte || byte == 0x2D || byte == 0x5F)
        }
    }
}
