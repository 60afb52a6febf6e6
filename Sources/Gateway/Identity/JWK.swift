import Policy

/// One public key as published, RFC 7517 section 4, read strictly.
///
/// A key that comes with a private member is refused: what everybody can sign with proves nothing.
/// `x5c`, `x5t` and `x5u` are never looked at.
struct JWK {
    /// What stands there, checked.
    let material: Material

    let keyID: [UInt8]?

    /// The `alg`, which fits the material.
    let algorithm: SignatureAlgorithm?

    enum Material: Hashable, Sendable {
        /// Both without leading zeros.
        case rsa(modulus: [UInt8], exponent: [UInt8])

        /// `y` is empty for an Edwards curve.
        case curve(KeyCurve, x: [UInt8], y: [UInt8])
    }

    /// The sizes of RSA keys that are used.
    static let rsaBits = 2_048...8_192

    /// The bytes of the largest RSA exponent that is used.
    ///
    /// Keys have 65537, old ones 3 or 17. A larger one makes a signature dearer to verify with each
    /// bit, which would be for whoever publishes the key to choose, and many libraries take no more
    /// than 32 bits.
    static let exponentBytesMax = 4

    /// What a key is read for, as `key_ops` calls it.
    enum Purpose: String {
        case verifying = "verify"
        case signing = "sign"
    }

    /// Reads one member of the `keys` array, or a key that stands alone or in a header.
    init(
        _ node: JSONNode,
        in document: JSONDocument,
        for purpose: Purpose = .verifying
    ) throws(Problem) {
        let members = try Members(document, node)
        if purpose == .verifying, members.hasPrivatePart { throw .privatePart }
        keyID = try members.string("kid")
        try members.checkUse(purpose)
        let name = document.member("alg", of: node)
        let algorithm = name.flatMap { SignatureAlgorithm($0, in: document) }
        if name != nil, algorithm == nil { throw .otherAlgorithm }
        self.algorithm = algorithm
        material = try members.material()
        guard let algorithm else { return }
        switch material {
        case .rsa: guard algorithm.isRSA else { throw .otherAlgorithm }
        case .curve(let curve, _, _):
            guard algorithm == curve.algorithm else { throw .otherAlgorithm }
        }
    }

    /// The public half of a key that was published with its private half, or is not for us.
    static func exposedMaterial(_ node: JSONNode, in document: JSONDocument) -> Material? {
        guard let members = try? Members(document, node), members.hasPrivatePart else { return nil }
        return try? members.material()
    }
}

extension JWK {
    /// Why a key is left out; never with key material in it.
    enum Problem: Error, Hashable, Sendable {
        case notAnObject
        case missing(String)
        case notAString(String)
        case notBase64URL(String)

        /// A number with zeros in front, RFC 7518 section 2.
        case notMinimal(String)
        case symmetric
        case privatePart
        case unknownType
        case otherUse

        /// `key_ops` is not an array of strings that differ, or contradicts `use`.
        case badOperations
        case otherAlgorithm
        case rsaSize(Int)
        case badRSA
        case notAPoint

        var words: String {
            switch self {
            case .notAnObject: "is not an object"
            case .missing(let name): "has no `\(name)`"
            case .notAString(let name): "`\(name)` is not a string"
            case .notBase64URL(let name): "`\(name)` is not base64url without padding"
            case .notMinimal(let name): "`\(name)` has zeros in front"
            case .symmetric: "is a symmetric key, which is never used"
            case .privatePart:
                "was published with its private part: replace it, anybody can sign with it"
            case .unknownType: "has a `kty` or `crv` that is not used"
            case .otherUse: "is not for signatures (`use`, `key_ops`)"
            case .badOperations:
                "has a `key_ops` that is not a list of different strings or contradicts `use`"
            case .otherAlgorithm: "has an `alg` that is not used or does not fit the key"
            case .rsaSize(let bits):
                "has \(bits) bits, wanted \(rsaBits.lowerBound) to \(rsaBits.upperBound)"
            case .badRSA: "is not a sound RSA key"
            case .notAPoint: "is not a sound point on its curve"
            }
        }
    }
}
