import COpenSSL
import Policy

/// The public keys of one issuer, RFC 7517 section 5; those that can be used.
final class KeySet: Sendable {
    /// The keys in the order of the text, at least one.
    let keys: [VerificationKey]

    /// What is wrong with the others, without key material.
    let problems: [String]

    /// A number that two sets share only when they hold the same keys.
    let generation: UInt64

    static let bytesMax = 256 * 1_024
    static let keysMax = 100

    /// Reads a key set.
    ///
    /// - Throws: When the text is not a key set or holds no key that can be used.
    init(_ text: [UInt8]) throws(KeyFailure) {
        guard text.count <= Self.bytesMax else { throw .tooLarge }
        let document: JSONDocument
        do throws(JSONFailure) {
            document = try JSONDocument(text)
        } catch { throw .notJSON(error.description) }
        guard let list = document.member("keys", of: document.root),
            document.kind(of: list) == .array
        else { throw .notAKeySet }
        var collector = Collector()
        var count = 0
        for node in document.elements(of: list) {
            count += 1
            guard count <= Self.keysMax else { throw .tooManyKeys }
            collector.take(node, in: document, number: count)
        }
        guard !collector.keys.isEmpty else { throw .noUsableKey(problems: collector.problems) }
        keys = collector.keys
        problems = collector.problems
        generation = Self.digest(collector.canonical)
    }

    /// The first eight bytes of the SHA-256 of what the set holds.
    private static func digest(_ canonical: [UInt8]) -> UInt64 {
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe _ = EVP_Digest(canonical, canonical.count, &digest, nil, EVP_sha256(), nil)
        return digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The index of the next key after `index` (-1 at first) that the token may be signed with.
    ///
    /// A token with a `kid` is tried with the keys of that name only, one without with every key
    /// that fits its algorithm.
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

extension KeySet {
    /// Gathers keys and problems while a set is read.
    fileprivate struct Collector {
        var keys: [VerificationKey] = []
        var problems: [String] = []

        /// Everything that makes one set different from another.
        var canonical: [UInt8] = []

        mutating func take(_ node: JSONNode, in document: JSONDocument, number: Int) {
            let label = Self.label(of: node, in: document, number: number)
            do throws(JWK.Problem) {
                try add(JWK(node, in: document), label: label)
            } catch {
                problems.append("\(label) \(error.words)")
            }
        }

        private mutating func add(_ jwk: JWK, label: String) throws(JWK.Problem) {
            let subjectPublicKey: [UInt8]
            let kind: VerificationKey.Kind
            switch jwk.material {
            case .rsa(let modulus, let exponent):
                subjectPublicKey = DER.publicKey(rsaModulus: modulus, exponent: exponent)
                kind = .rsa(bits: modulus.count * 8)
            case .curve(let curve, let x, let y):
                kind = .curve(curve)
                subjectPublicKey =
                    curve.isEdwards
                    ? DER.publicKey(edwards: curve, x) : DER.publicKey(curve: curve, x: x, y: y)
            }
            let key = VerificationKey(
                subjectPublicKey: subjectPublicKey,
                kind: kind,
                keyID: jwk.keyID,
                algorithm: jwk.algorithm
            )
            guard let key else { throw .notAPoint }
            if let keyID = jwk.keyID, keys.contains(where: { $0.keyID == keyID }) {
                problems.append("\(label) has the `kid` of another key; each is tried")
            }
            if jwk.hasPrivateParts {
                problems.append("\(label) was published with its private part; do not trust it")
            }
            keys.append(key)
            for part in [jwk.keyID ?? [], Array((jwk.algorithm?.rawValue ?? "").utf8)] {
                canonical += [UInt8(part.count >> 8 & 0xFF), UInt8(part.count & 0xFF)] + part
            }
            canonical += subjectPublicKey
        }

        /// How a message names a key: its place, and its `kid` when that is harmless text.
        private static func label(
            of node: JSONNode,
            in document: JSONDocument,
            number: Int
        ) -> String {
            guard let member = document.member("kid", of: node),
                let keyID = document.string(of: member), keyID.count <= 64,
                keyID.allSatisfy({ 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "`") })
            else { return "key \(number)" }
            return "key \(number) `\(String(decoding: keyID, as: UTF8.self))`"
        }
    }
}
