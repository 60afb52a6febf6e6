/// The nonces that proofs must hold, RFC 9449 section 9: made and checked without keeping any.
final class ProofNonces: Sendable {
    init() {}

    /// The nonce of the moment, of characters that a header field can carry.
    func current(at now: Int64) -> [UInt8] { [] }
}
