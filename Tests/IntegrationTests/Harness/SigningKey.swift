import COpenSSL

/// A private key of an identity provider, and the signatures it makes.
///
/// Independent of the gateway's own code on purpose: what it accepts is checked against this.
final class SigningKey: Sendable {
    enum Kind: Hashable, Sendable {
        case rsa
        case ec(curve: String, name: String, coordinateBytes: Int)
        case ed25519

        static let p256 = Kind.ec(curve: "P-256", name: "P-256", coordinateBytes: 32)
        static let p384 = Kind.ec(curve: "P-384", name: "P-384", coordinateBytes: 48)
        static let p521 = Kind.ec(curve: "P-521", name: "P-521", coordinateBytes: 66)
    }

    let kind: Kind
    let identifier: String
    private let address: UInt

    init(_ kind: Kind, identifier: String) throws {
        self.kind = kind
        self.identifier = identifier
        let key =
            switch kind {
            case .rsa: unsafe postern_EVP_RSA_gen(2_048)
            case .ec(let curve, _, _): unsafe postern_EVP_EC_gen(curve)
            case .ed25519: unsafe Self.ed25519()
            }
        guard let key = unsafe key else { throw Trouble.tls("no key of kind \(kind)") }
        address = UInt(bitPattern: key)
    }

    deinit { unsafe EVP_PKEY_free(pointer) }

    /// The public half as a member of a key set.
    func publicKey(_ extra: [String: JSON] = [:]) throws -> JSON {
        var members: [String: JSON] = ["kid": .string(identifier), "use": "sig"]
        switch kind {
        case .rsa:
            members["kty"] = "RSA"
            members["n"] = .string(Base64URL.encode(try number("n")))
            members["e"] = .string(Base64URL.encode(try number("e")))
        case .ec(_, let name, let size):
            members["kty"] = "EC"
            members["crv"] = .string(name)
            members["x"] = .string(Base64URL.encode(try number("qx", paddedTo: size)))
            members["y"] = .string(Base64URL.encode(try number("qy", paddedTo: size)))
        case .ed25519:
            members["kty"] = "OKP"
            members["crv"] = "Ed25519"
            var bytes = [UInt8](repeating: 0, count: 32)
            var count = 32
            guard unsafe EVP_PKEY_get_raw_public_key(pointer, &bytes, &count) == 1 else {
                throw Trouble.tls("no public key")
            }
            members["x"] = .string(Base64URL.encode(bytes))
        }
        return .object(members.merging(extra) { $1 })
    }

    /// The private key in PEM.
    func privatePEM() throws -> String {
        guard let bio = unsafe BIO_new(BIO_s_mem()) else { throw Trouble.tls("out of memory") }
        defer { unsafe BIO_free(bio) }
        guard unsafe PEM_write_bio_PrivateKey(bio, pointer, nil, nil, 0, nil, nil) == 1 else {
            throw Trouble.tls("cannot write a key")
        }
        var bytes = [UInt8](repeating: 0, count: unsafe BIO_ctrl_pending(bio))
        unsafe BIO_read(bio, &bytes, Int32(bytes.count))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The signature of `message` as RFC 7518 wants it.
    func sign(_ message: [UInt8], algorithm: String) throws -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { throw Trouble.tls("out of memory") }
        defer { unsafe EVP_MD_CTX_free(context) }
        var parameters: OpaquePointer?
        let digest = unsafe algorithm == "EdDSA" ? nil : Self.digest(algorithm)
        guard unsafe EVP_DigestSignInit(context, &parameters, digest, nil, pointer) == 1 else {
            throw Trouble.tls("cannot sign with \(algorithm)")
        }
        if algorithm.hasPrefix("PS") {
            unsafe postern_EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING)
            unsafe postern_EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST)
        }
        var signature = [UInt8](repeating: 0, count: 1_024)
        var count = signature.count
        guard
            unsafe EVP_DigestSign(context, &signature, &count, message, message.count) == 1
        else { throw Trouble.tls("cannot sign with \(algorithm)") }
        signature.removeLast(signature.count - count)
        guard case .ec(_, _, let size) = kind else { return signature }
        return try Self.joined(signature, coordinateBytes: size)
    }

    @safe private var pointer: OpaquePointer? { unsafe OpaquePointer(bitPattern: address) }

    private func number(_ name: String, paddedTo size: Int? = nil) throws -> [UInt8] {
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(pointer, name, &number) == 1 else {
            throw Trouble.tls("no \(name) in the key")
        }
        defer { unsafe BN_free(number) }
        let count = size ?? Int(unsafe BN_num_bits(number) + 7) / 8
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe BN_bn2binpad(number, &bytes, Int32(count))
        return bytes
    }

    @unsafe private static func digest(_ algorithm: String) -> OpaquePointer? {
        switch algorithm.suffix(3) {
        case "384": unsafe EVP_sha384()
        case "512": unsafe EVP_sha512()
        default: unsafe EVP_sha256()
        }
    }

    @unsafe private static func ed25519() -> OpaquePointer? {
        guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        unsafe EVP_PKEY_keygen_init(context)
        unsafe EVP_PKEY_keygen(context, &key)
        return unsafe key
    }

    /// The two numbers of an ECDSA signature, taken out of their DER.
    private static func joined(_ der: [UInt8], coordinateBytes: Int) throws -> [UInt8] {
        let signature = unsafe der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return unsafe d2i_ECDSA_SIG(nil, &start, buffer.count)
        }
        defer { unsafe ECDSA_SIG_free(signature) }
        var bytes = [UInt8](repeating: 0, count: 2 * coordinateBytes)
        let size = Int32(coordinateBytes)
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            let start = buffer.baseAddress
            unsafe BN_bn2binpad(ECDSA_SIG_get0_r(signature), start, size)
            unsafe BN_bn2binpad(
                ECDSA_SIG_get0_s(signature),
                start?.advanced(by: coordinateBytes),
                size
            )
        }
        return bytes
    }
}
