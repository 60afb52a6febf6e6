import COpenSSL
import Policy

/// One public key of a key set, ready to verify signatures.
final class VerificationKey: Sendable {
    /// The `kid`, exactly.
    let keyID: [UInt8]?

    let kind: Kind

    /// The `alg` of the JWK.
    ///
    /// RFC 8725 section 3.1 wants one algorithm a key. An elliptic-curve key has one by nature. An
    /// RSA key without `alg`, which is what many providers publish, verifies whichever of the RS and
    /// PS algorithms the tenant allows: none of them turns a public key into a secret, which is the
    /// confusion the rule is there against, and no signature under one is a signature under another.
    let algorithm: SignatureAlgorithm?

    /// `EVP_PKEY *`, for as long as this object lives.
    let address: UInt

    enum Kind: Hashable, Sendable {
        case rsa(bits: Int)
        case curve(KeyCurve)
    }

    /// Makes a key of a DER `SubjectPublicKeyInfo`.
    ///
    /// - Returns: `nil` when OpenSSL refuses it; a point that is not on its curve for example.
    init?(
        subjectPublicKey: [UInt8],
        kind: Kind,
        keyID: [UInt8]?,
        algorithm: SignatureAlgorithm?
    ) {
        let decoded: OpaquePointer? = unsafe subjectPublicKey.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return unsafe d2i_PUBKEY(nil, &next, bytes.count)
        }
        guard let decoded = unsafe decoded else {
            OpenSSLErrors.clear()
            return nil
        }
        address = UInt(bitPattern: decoded)
        self.kind = kind
        self.keyID = keyID
        self.algorithm = algorithm
    }

    deinit { unsafe EVP_PKEY_free(OpaquePointer(bitPattern: address)) }

    /// Whether signatures under `wanted` may be verified with this key.
    func fits(_ wanted: SignatureAlgorithm) -> Bool {
        if let algorithm { return algorithm == wanted }
        switch kind {
        case .curve(let curve): return curve.algorithm == wanted
        case .rsa: return wanted.isRSA
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
