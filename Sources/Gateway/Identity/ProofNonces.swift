import COpenSSL
import Policy

/// The nonces that proofs must hold, RFC 9449 sections 8 and 9: made and checked without keeping any.
///
/// A nonce is a keyed digest of the slot of time it was made in, under a secret that is made at the
/// start and outlives reloads. Those of the slot that runs and of the one before are taken. Another
/// process has another secret: its nonces are unknown here, and a client gets a new one.
final class ProofNonces: Sendable {
    /// How long one nonce is given out; it is taken for as long again.
    static let slotSeconds: Int64 = 120

    private let secret: [UInt8]

    /// The bytes of a nonce before they are encoded.
    private static let byteCount = 16

    init() {
        var random = [UInt8](repeating: 0, count: 32)
        let isRandom = unsafe RAND_bytes(&random, 32)
        precondition(isRandom == 1, "no random bytes")
        secret = random
    }

    /// How a nonce stands to those of the moment.
    enum Standing: Hashable, Sendable {
        case current

        /// It is still taken, and the next proof should have a newer one.
        case previous
        case unknown
    }

    /// The nonce of the moment, of characters that a header field can carry.
    func current(at now: Int64) -> [UInt8] { nonce(of: now / Self.slotSeconds) }

    /// How a nonce stands at `now`, in seconds since 1970.
    func standing(of given: [UInt8], at now: Int64) -> Standing {
        let slot = now / Self.slotSeconds
        if isSame(given, nonce(of: slot)) { return .current }
        return isSame(given, nonce(of: slot - 1)) ? .previous : .unknown
    }

    private func isSame(_ given: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard given.count == wanted.count else { return false }
        return unsafe CRYPTO_memcmp(given, wanted, wanted.count) == 0
    }

    private func nonce(of slot: Int64) -> [UInt8] {
        let text = (0..<8).map { UInt8(truncatingIfNeeded: slot >> (56 - 8 * Int64($0))) }
        var code = [UInt8](repeating: 0, count: 32)
        let made = unsafe HMAC(
            EVP_sha256(),
            secret,
            Int32(secret.count),
            text,
            text.count,
            &code,
            nil
        )
        guard unsafe made != nil else {
            preconditionFailure("no memory for a digest")
        }
        var nonce: [UInt8] = []
        Base64URL.encode(code.span.extracting(first: Self.byteCount), appendingTo: &nonce)
        return nonce
    }
}
