extension DER {
    /// The numbers of a private RSA key in the order of RFC 8017 appendix A.1.2:
    /// n, e, d, p, q, dp, dq, qi.
    static func privateKey(rsa numbers: [[UInt8]]) -> [UInt8] {
        var key = DER()
        key.add(sequence: { key in
            key.add(integer: [0])
            for number in numbers { key.add(integer: number) }
        })
        return key.bytes
    }

    /// An elliptic-curve key, RFC 5915 section 3.
    static func privateKey(curve: KeyCurve, d: [UInt8], x: [UInt8], y: [UInt8]) -> [UInt8] {
        var parameters = DER()
        parameters.add(identifier: curve.identifier)
        var point = DER()
        point.add(bitString: [0x04] + x + y)
        var key = DER()
        key.add(sequence: { key in
            key.add(integer: [1])
            key.add(tag: 0x04, d)
            key.add(tag: 0xA0, parameters.bytes)
            key.add(tag: 0xA1, point.bytes)
        })
        return key.bytes
    }

    /// An Edwards-curve key, RFC 8410 section 7.
    static func privateKey(edwards curve: KeyCurve, d: [UInt8]) -> [UInt8] {
        var inner = DER()
        inner.add(tag: 0x04, d)
        var key = DER()
        key.add(sequence: { key in
            key.add(integer: [0])
            key.add(sequence: { $0.add(identifier: curve.identifier) })
            key.add(tag: 0x04, inner.bytes)
        })
        return key.bytes
    }
}
