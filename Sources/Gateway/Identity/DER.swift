/// Writes the few ASN.1 structures that keys and ECDSA signatures need, ITU-T X.690.
struct DER {
    private(set) var bytes: [UInt8] = []

    /// Appends a value with its tag and length.
    mutating func add(tag: UInt8, _ contents: [UInt8]) {
        bytes.append(tag)
        let count = contents.count
        switch count {
        case 0..<0x80: bytes.append(UInt8(count))
        case 0x80..<0x100: bytes += [0x81, UInt8(count)]
        default: bytes += [0x82, UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
        }
        bytes += contents
    }

    /// Appends a number that is not negative, given in big-endian bytes.
    mutating func add(integer magnitude: [UInt8]) {
        var contents = Array(magnitude.drop { $0 == 0 })
        if (contents.first ?? 0x80) & 0x80 != 0 { contents.insert(0, at: 0) }
        add(tag: 0x02, contents)
    }

    /// Appends an object identifier given in its encoded form.
    mutating func add(identifier: [UInt8]) { add(tag: 0x06, identifier) }

    /// Appends a string of whole bytes.
    mutating func add(bitString contents: [UInt8]) { add(tag: 0x03, [0] + contents) }

    /// Appends a sequence.
    mutating func add(sequence build: (inout DER) -> Void) {
        var inner = DER()
        build(&inner)
        add(tag: 0x30, inner.bytes)
    }
}

extension DER {
    static let rsaEncryption: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]
    static let ecPublicKey: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]

    /// A `SubjectPublicKeyInfo` of an RSA key, RFC 3279 section 2.3.1.
    static func publicKey(rsaModulus: [UInt8], exponent: [UInt8]) -> [UInt8] {
        var key = DER()
        key.add(sequence: { key in
            key.add(integer: rsaModulus)
            key.add(integer: exponent)
        })
        return publicKey(key.bytes) { algorithm in
            algorithm.add(identifier: rsaEncryption)
            algorithm.add(tag: 0x05, [])
        }
    }

    /// A `SubjectPublicKeyInfo` of a point on a curve, RFC 5480 section 2.
    static func publicKey(curve: KeyCurve, x: [UInt8], y: [UInt8]) -> [UInt8] {
        publicKey([0x04] + x + y) { algorithm in
            algorithm.add(identifier: ecPublicKey)
            algorithm.add(identifier: curve.identifier)
        }
    }

    /// A `SubjectPublicKeyInfo` of an Edwards-curve key, RFC 8410 section 4.
    static func publicKey(edwards curve: KeyCurve, _ key: [UInt8]) -> [UInt8] {
        publicKey(key) { $0.add(identifier: curve.identifier) }
    }

    private static func publicKey(
        _ key: [UInt8],
        algorithm: (inout DER) -> Void
    ) -> [UInt8] {
        var whole = DER()
        whole.add(sequence: { whole in
            whole.add(sequence: algorithm)
            whole.add(bitString: key)
        })
        return whole.bytes
    }
}
