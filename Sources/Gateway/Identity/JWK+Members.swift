import Policy

extension JWK {
    /// Reads members of one key.
    struct Members {
        private let document: JSONDocument
        private let node: JSONNode

        /// `kty`, which is not `oct`.
        private let type: [UInt8]

        /// The members that only private and symmetric keys have, RFC 7518 sections 6.2.2, 6.3.2 and
        /// 6.4, RFC 8037 section 2.
        private static let privateNames: [StaticString] = [
            "d", "p", "q", "dp", "dq", "qi", "oth", "k",
        ]

        /// What a key for signatures is not also for, RFC 7517 section 4.3.
        private static let otherOperations: [StaticString] = [
            "encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits",
        ]

        /// Takes a key, but not a symmetric one.
        init(_ document: JSONDocument, _ node: JSONNode) throws(Problem) {
            guard document.kind(of: node) == .object else { throw .notAnObject }
            self.document = document
            self.node = node
            let member = document.member("kty", of: node)
            guard let member else { throw .missing("kty") }
            guard let type = document.string(of: member) else { throw .notAString("kty") }
            guard !type.elementsEqual("oct".utf8) else { throw .symmetric }
            self.type = type
        }

        var hasPrivatePart: Bool {
            Self.privateNames.contains { document.member($0, of: node) != nil }
        }

        func string(_ name: StaticString) throws(Problem) -> [UInt8]? {
            guard let member = document.member(name, of: node) else { return nil }
            guard let text = document.string(of: member) else {
                throw .notAString(name.description)
            }
            return text
        }

        private func bytes(_ name: StaticString) throws(Problem) -> [UInt8] {
            guard let text = try string(name) else { throw .missing(name.description) }
            guard let bytes = Base64URL.decode(text.span), !bytes.isEmpty else {
                throw .notBase64URL(name.description)
            }
            return bytes
        }

        /// A number in the fewest bytes, RFC 7518 section 2.
        private func number(_ name: StaticString) throws(Problem) -> [UInt8] {
            let bytes = try bytes(name)
            guard bytes.first != 0 || bytes.count == 1 else { throw .notMinimal(name.description) }
            return bytes
        }

        /// Refuses a key for something else; `use` and `key_ops` may be left out.
        func checkUse(_ purpose: Purpose) throws(Problem) {
            let use = try string("use")
            if let use, !use.elementsEqual("sig".utf8) { throw .otherUse }
            guard let list = document.member("key_ops", of: node) else { return }
            guard document.kind(of: list) == .array else { throw .badOperations }
            var operations: Set<[UInt8]> = []
            for operation in document.elements(of: list) {
                guard let name = document.string(of: operation), operations.insert(name).inserted
                else { throw .badOperations }
            }
            guard operations.contains(Array(purpose.rawValue.utf8)) else { throw .otherUse }
            guard use != nil else { return }
            for other in Self.otherOperations
            where operations.contains(Array(other.description.utf8)) {
                throw .badOperations
            }
        }

        /// The public members, checked.
        func material() throws(Problem) -> Material {
            if type.elementsEqual("RSA".utf8) { return try rsa() }
            let isKnown = type.elementsEqual("EC".utf8) || type.elementsEqual("OKP".utf8)
            guard isKnown else { throw .unknownType }
            guard let name = try string("crv") else { throw .missing("crv") }
            let curve = KeyCurve.allCases.first {
                name.elementsEqual($0.rawValue.utf8) && type.elementsEqual($0.keyType.utf8)
            }
            guard let curve else { throw .unknownType }
            let x = try bytes("x")
            guard x.count == curve.byteCount else { throw .notAPoint }
            if curve.isEdwards {
                guard curve.isSound(edwards: x) else { throw .notAPoint }
                return .curve(curve, x: x, y: [])
            }
            let y = try bytes("y")
            guard y.count == curve.byteCount else { throw .notAPoint }
            return .curve(curve, x: x, y: y)
        }

        private func rsa() throws(Problem) -> Material {
            let modulus = try number("n")
            let exponent = try number("e")
            guard let first = modulus.first, let last = modulus.last else { throw .badRSA }
            let bits = modulus.count * 8 - first.leadingZeroBitCount
            guard rsaBits ~= bits else { throw .rsaSize(bits) }
            guard last & 1 == 1, !Self.hasSmallFactor(modulus), let low = exponent.last,
                low & 1 == 1, exponent.count <= exponentBytesMax, exponent != [1]
            else { throw .badRSA }
            return .rsa(modulus: modulus, exponent: exponent)
        }

        /// Whether a prime from 3 to 29 divides `modulus`, which then everybody can factor.
        private static func hasSmallFactor(_ modulus: [UInt8]) -> Bool {
            let product: UInt64 = 3 * 5 * 7 * 11 * 13 * 17 * 19 * 23 * 29
            var rest = modulus.reduce(0 as UInt64) { ($0 << 8 | UInt64($1)) % product }
            var divisor = product
            while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
            return divisor != 1
        }
    }
}
