import Policy

/// The curves whose keys are used, RFC 7518 section 6.2.1.1 and RFC 8037 section 2.
enum KeyCurve: String, Hashable, Sendable, CaseIterable {
    case p256 = "P-256"
    case p384 = "P-384"
    case p521 = "P-521"
    case ed25519 = "Ed25519"
    case ed448 = "Ed448"

    /// The only algorithm that a key on this curve verifies.
    var algorithm: SignatureAlgorithm {
        switch self {
        case .p256: .es256
        case .p384: .es384
        case .p521: .es512
        case .ed25519, .ed448: .edDSA
        }
    }

    /// The key type in a JWK.
    var keyType: String { isEdwards ? "OKP" : "EC" }

    var isEdwards: Bool { self == .ed25519 || self == .ed448 }

    /// The bytes of one coordinate, of an Edwards key, and of each half of an ECDSA signature.
    var byteCount: Int {
        switch self {
        case .p256, .ed25519: 32
        case .p384: 48
        case .p521: 66
        case .ed448: 57
        }
    }

    /// The encoded object identifier.
    var identifier: [UInt8] {
        switch self {
        case .p256: [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        case .p384: [0x2B, 0x81, 0x04, 0x00, 0x22]
        case .p521: [0x2B, 0x81, 0x04, 0x00, 0x23]
        case .ed25519: [0x2B, 0x65, 0x70]
        case .ed448: [0x2B, 0x65, 0x71]
        }
    }
}
