import COpenSSL

/// A new P-256 key pair, for certificates of the demonstration and of tests.
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
}
