import COpenSSL
import Policy

/// A private key that tokens are signed with: for trying things and for tests.
final class SigningKey: Sendable {
    /// `EVP_PKEY *`.
    let address: UInt

    let kind: VerificationKey.Kind

    /// The `kid` of a JWK, if it had one.
    let keyID: String?

    /// The `alg` of a JWK, or else the usual one for such a key.
    let algorithm: SignatureAlgorithm

    /// Takes over an `EVP_PKEY *`.
    private init(
        owning address: UInt,
        keyID: String? = nil,
        algorithm: SignatureAlgorithm? = nil
    ) throws(KeyFailure) {
        guard let kind = Self.kind(of: address) else {
            unsafe EVP_PKEY_free(OpaquePointer(bitPattern: address))
            throw .privateKey("it is neither RSA nor on a curve that is used")
        }
        self.address = address
        self.kind = kind
        self.keyID = keyID
        switch kind {
        case .rsa: self.algorithm = algorithm ?? .rs256
        case .curve(let curve): self.algorithm = curve.algorithm
        }
    }

    deinit { unsafe EVP_PKEY_free(OpaquePointer(bitPattern: address)) }

    private static func kind(of address: UInt) -> VerificationKey.Kind? {
        let key = unsafe OpaquePointer(bitPattern: address)
        let bits = Int(unsafe EVP_PKEY_get_bits(key))
        switch unsafe EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA: return .rsa(bits: bits)
        case EVP_PKEY_ED25519: return .curve(.ed25519)
        case EVP_PKEY_ED448: return .curve(.ed448)
        case EVP_PKEY_EC:
            let curves: [Int: KeyCurve] = [256: .p256, 384: .p384, 521: .p521]
            return curves[bits].map { .curve($0) }
        default: return nil
        }
    }
}

extension SigningKey {
    /// What a new key is.
    enum Choice: Hashable, Sendable {
        case rsa2048
        case curve(KeyCurve)
    }

    /// Makes a new key.
    static func generate(_ choice: Choice, keyID: String? = nil) throws(KeyFailure) -> SigningKey {
        let made: OpaquePointer?
        switch choice {
        case .rsa2048: unsafe made = postern_EVP_RSA_gen(2_048)
        case .curve(let curve) where curve.isEdwards: unsafe made = generate(edwards: curve)
        case .curve(let curve): unsafe made = postern_EVP_EC_gen(curve.rawValue)
        }
        guard let made = unsafe made else { throw .privateKey(OpenSSLErrors.drain()) }
        return try SigningKey(owning: UInt(bitPattern: made), keyID: keyID)
    }

    @unsafe private static func generate(edwards curve: KeyCurve) -> OpaquePointer? {
        let type = curve == .ed25519 ? EVP_PKEY_ED25519 : EVP_PKEY_ED448
        let context = unsafe EVP_PKEY_CTX_new_id(type, nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1,
            unsafe EVP_PKEY_keygen(context, &made) == 1
        else { return nil }
        return unsafe made
    }

    /// Reads a key from a file: PEM without a password, or a JWK with its private members.
    static func load(_ path: String) throws(KeyFailure) -> SigningKey {
        let text: [UInt8]
        do throws(Errno) {
            text = try FileContents.read(path, bytesMax: 65_536)
        } catch { throw .unreadable(path: path, because: error.description) }
        return try SigningKey.read(text)
    }

    /// Reads a key: PEM without a password, or a JWK with its private members.
    static func read(_ text: [UInt8]) throws(KeyFailure) -> SigningKey {
        if text.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") { return try read(jwk: text) }
        let key: OpaquePointer? = unsafe text.withUnsafeBufferPointer { bytes in
            let file = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
            defer { unsafe BIO_free(file) }
            // The callback keeps OpenSSL from asking for a password on the terminal.
            return unsafe PEM_read_bio_PrivateKey(file, nil, { _, _, _, _ in -1 }, nil)
        }
        guard let key = unsafe key else {
            OpenSSLErrors.clear()
            throw .privateKey("there is no unencrypted private key in PEM form, nor a JWK")
        }
        return try SigningKey(owning: UInt(bitPattern: key))
    }

    /// Reads a JWK, RFC 7518 section 6 and RFC 8037 section 2.
    private static func read(jwk text: [UInt8]) throws(KeyFailure) -> SigningKey {
        guard let document = try? JSONDocument(text) else { throw .privateKey("it is not JSON") }
        let root = document.root
        let jwk: JWK
        do throws(JWK.Problem) {
            jwk = try JWK(root, in: document, for: .signing)
        } catch { throw .privateKey("it \(error.words)") }
        let der: [UInt8]
        switch jwk.material {
        case .rsa(let modulus, let exponent):
            var numbers = [modulus, exponent]
            for name in ["d", "p", "q", "dp", "dq", "qi"] {
                numbers.append(try bytes(name, of: root, in: document))
            }
            der = DER.privateKey(rsa: numbers)
        case .curve(let curve, let x, let y):
            let d = try bytes("d", of: root, in: document)
            guard d.count == curve.byteCount else { throw .privateKey("`d` has a wrong length") }
            der =
                curve.isEdwards
                ? DER.privateKey(edwards: curve, d: d)
                : DER.privateKey(curve: curve, d: d, x: x, y: y)
        }
        let decoded: OpaquePointer? = unsafe der.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return unsafe d2i_AutoPrivateKey(nil, &next, bytes.count)
        }
        guard let decoded = unsafe decoded else { throw .privateKey(OpenSSLErrors.drain()) }
        OpenSSLErrors.clear()
        return try SigningKey(
            owning: UInt(bitPattern: decoded),
            keyID: jwk.keyID.map { String(decoding: $0, as: UTF8.self) },
            algorithm: jwk.algorithm
        )
    }

    private static func bytes(
        _ name: String,
        of node: JSONNode,
        in document: JSONDocument
    ) throws(KeyFailure) -> [UInt8] {
        guard let member = document.member(Array(name.utf8), of: node),
            let text = document.string(of: member), let bytes = Base64URL.decode(text.span)
        else { throw .privateKey("it has no `\(name)` in base64url") }
        return bytes
    }
}
