import COpenSSL
import Policy

extension SigningKey {
    /// The private key as unencrypted PKCS #8 in PEM form.
    func privatePEM() throws(KeyFailure) -> String {
        do throws(TLSFailure) {
            return try PEMText.make { file in
                unsafe PEM_write_bio_PrivateKey(
                    OpaquePointer(bitPattern: file),
                    OpaquePointer(bitPattern: address),
                    nil,
                    nil,
                    0,
                    nil,
                    nil
                )
            }
        } catch { throw .privateKey(error.description) }
    }

    /// The public half as a JWK, with `use`, `alg` and, if given, `kid`.
    func publicJWK(keyID: String? = nil) throws(KeyFailure) -> String {
        var members: [(String, String)] = []
        switch kind {
        case .rsa:
            members.append(("kty", "RSA"))
            members.append(("n", Base64URL.encode(try number(OSSL_PKEY_PARAM_RSA_N))))
            members.append(("e", Base64URL.encode(try number(OSSL_PKEY_PARAM_RSA_E))))
        case .curve(let curve):
            members.append(("kty", curve.keyType))
            members.append(("crv", curve.rawValue))
            let point = try publicBytes()
            let x = curve.isEdwards ? point[...] : point.dropFirst().prefix(curve.byteCount)
            members.append(("x", Base64URL.encode(Array(x))))
            if !curve.isEdwards {
                let y = point.dropFirst(1 + curve.byteCount)
                members.append(("y", Base64URL.encode(Array(y))))
            }
        }
        members += [("use", "sig"), ("alg", algorithm.rawValue)]
        if let name = keyID ?? self.keyID { members.append(("kid", name)) }
        var text: [UInt8] = []
        for (name, value) in members {
            text.append(UInt8(ascii: text.isEmpty ? "{" : ","))
            JSONString.append(name, to: &text)
            text.append(UInt8(ascii: ":"))
            JSONString.append(value, to: &text)
        }
        text.append(UInt8(ascii: "}"))
        return String(decoding: text, as: UTF8.self)
    }

    /// A number of the key in big-endian bytes.
    private func number(_ name: String) throws(KeyFailure) -> [UInt8] {
        var number: OpaquePointer?
        let key = unsafe OpaquePointer(bitPattern: address)
        guard unsafe EVP_PKEY_get_bn_param(key, name, &number) == 1 else {
            throw .privateKey(OpenSSLErrors.drain())
        }
        defer { unsafe BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(unsafe BN_num_bits(number) + 7) / 8)
        unsafe _ = BN_bn2bin(number, &bytes)
        return bytes
    }

    /// The public half: an uncompressed point, or an Edwards key.
    private func publicBytes() throws(KeyFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 256)
        var count = 0
        let key = unsafe OpaquePointer(bitPattern: address)
        guard
            unsafe EVP_PKEY_get_octet_string_param(
                key,
                OSSL_PKEY_PARAM_PUB_KEY,
                &bytes,
                bytes.count,
                &count
            ) == 1
        else { throw .privateKey(OpenSSLErrors.drain()) }
        return Array(bytes.prefix(count))
    }
}
