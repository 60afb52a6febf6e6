import COpenSSL
import Policy

/// One public key of a key set, ready to verify signatures.
final class VerificationKey: Sendable {
    /// The `kid`, exactly.
    let keyID: [UInt8]?

    let kind: Kind

    /// The `alg` of the JWK.
    let algorithm: SignatureAlgorithm?

    /// A number that two keys share only when name, algorithm and key are the same.
    let serial: UInt64

    /// A number that two keys share only when the key itself is the same, whatever its name.
    let subject: UInt64

    /// `EVP_PKEY *`, for as long as this object lives.
    let address: UInt

    enum Kind: Hashable, Sendable {
        case rsa(bits: Int)
        case curve(KeyCurve)
    }

    /// Makes a key of a JWK.
    ///
    /// - Throws: When OpenSSL refuses it; a point that is not on its curve for example.
    init(_ jwk: JWK) throws(JWK.Problem) {
        let encoded = jwk.material.subjectPublicKey
        let decoded: OpaquePointer? = unsafe encoded.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return unsafe d2i_PUBKEY(nil, &next, bytes.count)
        }
        guard let decoded = unsafe decoded else {
            OpenSSLErrors.clear()
            throw .notAPoint
        }
        address = UInt(bitPattern: decoded)
        kind = jwk.material.kind
        keyID = jwk.keyID
        algorithm = jwk.algorithm
        subject = KeyDigest.word(encoded)
        let name = jwk.keyID.map { [1, UInt8($0.count >> 8 & 0xFF), UInt8($0.count & 0xFF)] + $0 }
        serial = KeyDigest.word(
            (name ?? [0]) + Array((jwk.algorithm?.rawValue ?? "-").utf8) + encoded
        )
    }

    deinit { unsafe EVP_PKEY_free(OpaquePointer(bitPattern: address)) }

    /// Whether `wanted` is an algorithm that this key verifies.
    ///
    /// RFC 8725 section 3.1 wants one algorithm a key: the one of its `alg`, or that of its curve.
    /// An RSA key without `alg`, which is what many providers publish, leaves the choice to the
    /// tenant's `algorithms`.
    func fits(_ wanted: SignatureAlgorithm) -> Bool {
        if let algorithm { return algorithm == wanted }
        switch kind {
        case .curve(let curve): return curve.algorithm == wanted
        case .rsa: return wanted.isRSA
        }
    }
}

extension JWK.Material {
    /// The DER `SubjectPublicKeyInfo`, one spelling for each key.
    var subjectPublicKey: [UInt8] {
        switch self {
        case .rsa(let modulus, let exponent):
            DER.publicKey(rsaModulus: modulus, exponent: exponent)
        case .curve(let curve, let x, let y):
            curve.isEdwards
                ? DER.publicKey(edwards: curve, x) : DER.publicKey(curve: curve, x: x, y: y)
        }
    }

    var kind: VerificationKey.Kind {
        switch self {
        case .rsa(let modulus, _):
            .rsa(bits: modulus.count * 8 - (modulus.first ?? 0).leadingZeroBitCount)
        case .curve(let curve, _, _): .curve(curve)
        }
    }
}

extension SignatureAlgorithm {
    /// Whether it is RSASSA-PKCS1-v1_5 or RSASSA-PSS.
    var isRSA: Bool {
        switch self {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: true
        case .es256, .es384, .es512, .edDSA: false
        }
    }

    /// Whether it is RSASSA-PSS.
    var isPSS: Bool { self == .ps256 || self == .ps384 || self == .ps512 }
}
