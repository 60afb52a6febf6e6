import Policy

/// The embedded keys of proofs that were used last, ready to verify; one for each loop.
///
/// A key stands in the one place that its thumbprint gives it, and gives way to the next that
/// belongs there.
struct ProofKeys: ~Copyable {
    private struct Entry {
        let thumbprint: Thumbprint
        let key: VerificationKey
    }

    private var entries = [Entry?](repeating: nil, count: entriesMax)

    /// The most keys.
    private static let entriesMax = 256

    /// The key of a JWK, made ready when it is not; `nil` when OpenSSL refuses it.
    mutating func key(_ jwk: JWK, _ thumbprint: Thumbprint) -> VerificationKey? {
        let place = Int(UInt(bitPattern: thumbprint.hashValue) % UInt(Self.entriesMax))
        if let entry = entries[place], entry.thumbprint == thumbprint,
            entry.key.algorithm == jwk.algorithm
        {
            return entry.key
        }
        guard let key = try? VerificationKey(jwk) else { return nil }
        entries[place] = Entry(thumbprint: thumbprint, key: key)
        return key
    }
}
