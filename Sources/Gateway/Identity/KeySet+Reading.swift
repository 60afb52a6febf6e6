import Policy

extension KeySet {
    /// Reads a key set that may turn out to hold no key that can be used.
    ///
    /// A member that cannot be used is left out and takes no other with it, RFC 7517 section 5.
    ///
    /// - Throws: When the text is not a key set.
    convenience init(reading text: [UInt8]) throws(KeyFailure) {
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
        self.init(
            keys: collector.takeSound(),
            problems: collector.problems,
            exposed: collector.exposed
        )
    }
}

/// Gathers keys and problems while a set is read.
private struct Collector {
    private var found: [(key: VerificationKey, label: String)] = []
    private(set) var problems: [String] = []
    private(set) var exposed: Set<UInt64> = []

    mutating func take(_ node: JSONNode, in document: JSONDocument, number: Int) {
        let label = Self.label(of: node, in: document, number: number)
        if let material = JWK.exposedMaterial(node, in: document) {
            exposed.insert(KeyDigest.word(material.subjectPublicKey))
        }
        do throws(JWK.Problem) {
            add(try VerificationKey(JWK(node, in: document)), label)
        } catch {
            problems.append("\(label) \(error.words)")
        }
    }

    private mutating func add(_ key: VerificationKey, _ label: String) {
        if let other = found.first(where: { $0.key.subject == key.subject })?.key {
            if other.serial == key.serial {
                return problems.append("\(label) is there twice")
            }
            // One key, one algorithm: RFC 8725 section 3.1.
            if other.algorithm != key.algorithm {
                return problems.append("\(label) is the key of another with another `alg`")
            }
        }
        if key.keyID != nil, found.contains(where: { $0.key.keyID == key.keyID }) {
            problems.append("\(label) has the `kid` of another key; each is tried")
        }
        found.append((key, label))
    }

    /// The keys, but those whose private half stands in the same set.
    mutating func takeSound() -> [VerificationKey] {
        for one in found where exposed.contains(one.key.subject) {
            problems.append("\(one.label) \(JWK.Problem.privatePart.words)")
        }
        return found.map(\.key).filter { !exposed.contains($0.subject) }
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
