/// The keys of the identity providers that the scenes trust, and of one that they do not.
final class IdentityProvider: Sendable {
    private static let made = Result { try IdentityProvider() }

    static func shared() throws -> IdentityProvider { try made.get() }

    let rsa: SigningKey
    let p256: SigningKey
    let p384: SigningKey
    let p521: SigningKey
    let ed25519: SigningKey

    /// In no key set.
    let stranger: SigningKey

    private init() throws {
        rsa = try SigningKey(.rsa, identifier: "rsa-1")
        p256 = try SigningKey(.p256, identifier: "ec-1")
        p384 = try SigningKey(.p384, identifier: "ec-384")
        p521 = try SigningKey(.p521, identifier: "ec-521")
        ed25519 = try SigningKey(.ed25519, identifier: "ed-1")
        stranger = try SigningKey(.p256, identifier: "ec-1")
    }

    /// The key set of both tenants.
    func keySet() throws -> JSON {
        let keys = try [rsa, p256, p384, p521, ed25519].map { try $0.publicKey() }
        return ["keys": .array(keys)]
    }

    func key(for algorithm: String) -> SigningKey {
        switch algorithm {
        case "ES256": p256
        case "ES384": p384
        case "ES512": p521
        case "EdDSA": ed25519
        default: rsa
        }
    }
}
