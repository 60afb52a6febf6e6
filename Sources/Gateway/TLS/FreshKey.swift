import COpenSSL

/// A new P-256 key pair, for the demonstration and for tests.
struct FreshKey: ~Copyable {
    /// `EVP_PKEY *`.
    let address: UInt

    /// Makes a key pair.
    init() throws(TLSFailure) {
        guard let key = unsafe postern_EVP_EC_gen("P-256") else {
            throw TLSFailure(.unavailable(because: OpenSSLErrors.drain()))
        }
        address = UInt(bitPattern: key)
    }

    deinit { unsafe EVP_PKEY_free(OpaquePointer(bitPattern: address)) }

    /// The private key as PKCS #8 in PEM form.
    func privatePEM() throws(TLSFailure) -> String {
        try PEMText.make { file in
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
    }

    /// The coordinates of the public point, 32 bytes each, as a JWK has them (RFC 7518, 6.2.1).
    func publicPoint() throws(TLSFailure) -> (x: [UInt8], y: [UInt8]) {
        // 0x04, x, y: the uncompressed form of SEC 1, section 2.3.3.
        var point = [UInt8](repeating: 0, count: 65)
        var length = 0
        let isRead = unsafe EVP_PKEY_get_octet_string_param(
            OpaquePointer(bitPattern: address),
            OSSL_PKEY_PARAM_PUB_KEY,
            &point,
            point.count,
            &length
        )
        guard isRead == 1, length == 65 else {
            throw TLSFailure(.unavailable(because: OpenSSLErrors.drain()))
        }
        return (Array(point[1..<33]), Array(point[33..<65]))
    }
}
