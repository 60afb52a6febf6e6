import Policy

/// The public keys of one issuer, RFC 7517 section 5; those that can be used.
final class KeySet: Sendable {
    /// The keys in the order of the text, then those that are no longer published.
    let keys: [VerificationKey]

    /// What is wrong with the others, without key material.
    let problems: [String]

    /// A number that two sets share only when they hold the same keys, in whatever order.
    let generation: UInt64

    /// The `subject` of each key that was published with its private half.
    let exposed: Set<UInt64>

    /// The serials of all keys, in order.
    private let serials: [UInt64]

    static let bytesMax = 256 * 1_024
    static let keysMax = 100

    init(keys: [VerificationKey], problems: [String] = [], exposed: Set<UInt64> = []) {
        self.keys = keys
        self.problems = problems
        self.exposed = exposed
        serials = keys.map(\.serial).sorted()
        let canonical = serials.flatMap { serial in
            (0..<8).map { UInt8(truncatingIfNeeded: serial >> ($0 * 8)) }
        }
        generation = KeyDigest.word(canonical)
    }

    /// Reads a key set.
    ///
    /// - Throws: When the text is not a key set or holds no key that can be used.
    convenience init(_ text: [UInt8]) throws(KeyFailure) {
        try self.init(reading: text)
        guard !keys.isEmpty else { throw .noUsableKey(problems: problems) }
    }

    /// The same keys and `others` that it does not hold, an object of `known` being used again where
    /// it is the same key.
    func merging(_ others: [VerificationKey], reusing known: KeySet?) -> KeySet {
        let known = Dictionary(
            (known?.keys ?? []).map { ($0.serial, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let more = others.filter { !contains(serial: $0.serial) }
        return KeySet(
            keys: (keys + more).map { known[$0.serial] ?? $0 },
            problems: problems,
            exposed: exposed
        )
    }

    /// Whether the key of that serial is one of these.
    func contains(serial: UInt64) -> Bool {
        var (low, high) = (0, serials.count)
        while low < high {
            let middle = (low + high) / 2
            if serials[middle] == serial { return true }
            if serials[middle] < serial { low = middle + 1 } else { high = middle }
        }
        return false
    }

    /// The index of the next key after `index` (-1 at first) that the token may be signed with.
    ///
    /// A token with a `kid` is tried with the keys of that name only, one without with every key
    /// that fits its algorithm.
    ///
    /// - Parameters:
    ///   - index: The key tried before.
    ///   - header: The header of the token.
    ///   - algorithm: Its algorithm.
    /// - Returns: The index; `nil` when there is none left.
    func nextCandidate(
        after index: Int,
        header: borrowing TokenHeader,
        algorithm: SignatureAlgorithm
    ) -> Int? {
        var index = index + 1
        while index < keys.count {
            let key = keys[index]
            if key.fits(algorithm), !header.hasKeyID || Self.isNamed(key, by: header) {
                return index
            }
            index += 1
        }
        return nil
    }

    /// Whether some key has the name that the token gives.
    func hasKey(namedBy header: borrowing TokenHeader) -> Bool {
        for key in keys where Self.isNamed(key, by: header) { return true }
        return false
    }

    private static func isNamed(_ key: VerificationKey, by header: borrowing TokenHeader) -> Bool {
        guard let keyID = key.keyID else { return false }
        return header.names(keyID: keyID)
    }
}
