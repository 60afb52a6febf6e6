import Policy

/// One member of a key set as published, RFC 7517 section 4; public parts only.
struct JWK {
    /// What stands in the set, checked.
    let material: Material

    let keyID: [UInt8]?
    let algorithm: SignatureAlgorithm?

    /// Whether private members stood beside the public ones; they are not read.
    let hasPrivateParts: Bool

    enum Material {
        case rsa(modulus: [UInt8], exponent: [UInt8])
        case curve(KeyCurve, x: [UInt8], y: [UInt8])
    }

    /// The sizes of RSA keys that are used.
    static let rsaBits = 2_048...8_192

    /// What a key is read for, as `key_ops` calls it.
    enum Purpose: String {
        case verifying = "verify"
        case signing = "sign"
    }

    /// Reads one member of the `keys` array, or a key that stands alone.
    init(
        _ node: JSONNode,
        in document: JSONDocument,
        for purpose: Purpose = .verifying
    ) throws(Problem) {
        guard document.kind(of: node) == .object else { throw .notAnObject }
        let reader = Reader(document: document, node: node)
        keyID = try reader.string("kid")
        guard let type = try reader.string("kty") else { throw .missing("kty") }
        guard !type.elementsEqual("oct".utf8) else { throw .symmetric }
        try reader.checkUse(purpose)
        let name = document.member("alg", of: node)
        let algorithm = name.flatMap { SignatureAlgorithm($0, in: document) }
        if name != nil, algorithm == nil { throw .otherAlgorithm }
        self.algorithm = algorithm
        material = try Self.material(of: type, reader)
        hasPrivateParts = document.member("d", of: node) != nil
        guard let algorithm else { return }
        switch material {
        case .rsa: guard algorithm.isRSA else { throw .otherAlgorithm }
        case .curve(let curve, _, _):
            guard algorithm == curve.algorithm else { throw .otherAlgorithm }
        }
    }

    private static func material(
        of type: [UInt8],
        _ reader: Reader
    ) throws(Problem) -> Material {
        if type.elementsEqual("RSA".utf8) { return try rsa(reader) }
        guard let name = try reader.string("crv") else {
            let isKnown = type.elementsEqual("EC".utf8) || type.elementsEqual("OKP".utf8)
            throw isKnown ? .missing("crv") : .unknownType
        }
        let curve = KeyCurve.allCases.first {
            name.elementsEqual($0.rawValue.utf8) && type.elementsEqual($0.keyType.utf8)
        }
        guard let curve else { throw .unknownType }
        let x = try reader.bytes("x")
        let y = curve.isEdwards ? [] : try reader.bytes("y")
        guard x.count == curve.byteCount, curve.isEdwards || y.count == curve.byteCount else {
            throw .notAPoint
        }
        return .curve(curve, x: x, y: y)
    }

    private static func rsa(_ reader: Reader) throws(Problem) -> Material {
        let modulus = Array(try reader.bytes("n").drop { $0 == 0 })
        let exponent = Array(try reader.bytes("e").drop { $0 == 0 })
        guard let first = modulus.first, let last = modulus.last else { throw .badRSA }
        let bits = modulus.count * 8 - first.leadingZeroBitCount
        guard rsaBits ~= bits else { throw .rsaSize(bits) }
        guard last & 1 == 1, let low = exponent.last, low & 1 == 1, exponent.count <= 8,
            exponent != [1]
        else { throw .badRSA }
        return .rsa(modulus: modulus, exponent: exponent)
    }
}

extension JWK {
    /// Why a key is left out; never with key material in it.
    enum Problem: Error, Hashable, Sendable {
        case notAnObject
        case missing(String)
        case notAString(String)
        case notBase64URL(String)
        case symmetric
        case unknownType
        case otherUse
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
            case .symmetric: "is a symmetric key, which is never used"
            case .unknownType: "has a `kty` or `crv` that is not used"
            case .otherUse: "is not for signatures (`use`, `key_ops`)"
            case .otherAlgorithm: "has an `alg` that is not used or does not fit the key"
            case .rsaSize(let bits):
                "has \(bits) bits, wanted \(rsaBits.lowerBound) to \(rsaBits.upperBound)"
            case .badRSA: "is not a sound RSA key"
            case .notAPoint: "is not a point on its curve"
            }
        }
    }

    /// Reads members of one key.
    fileprivate struct Reader {
        let document: JSONDocument
        let node: JSONNode

        func string(_ name: StaticString) throws(Problem) -> [UInt8]? {
            guard let member = document.member(name, of: node) else { return nil }
            guard let text = document.string(of: member) else {
                throw .notAString(name.description)
            }
            return text
        }

        func bytes(_ name: StaticString) throws(Problem) -> [UInt8] {
            guard let text = try string(name) else { throw .missing(name.description) }
            guard let bytes = Base64URL.decode(text.span), !bytes.isEmpty else {
                throw .notBase64URL(name.description)
            }
            return bytes
        }

        /// Refuses a key for encryption; `use` and `key_ops` may be left out.
        func checkUse(_ purpose: Purpose) throws(Problem) {
            if let use = try string("use"), !use.elementsEqual("sig".utf8) { throw .otherUse }
            guard let operations = document.member("key_ops", of: node) else { return }
            for operation in document.elements(of: operations)
            where document.equals(operation, Array(purpose.rawValue.utf8)) {
                return
            }
            throw .otherUse
        }
    }
}
