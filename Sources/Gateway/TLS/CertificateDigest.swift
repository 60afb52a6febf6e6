import COpenSSL

/// SHA-256 of a certificate in DER form, which RFC 8705 section 3.1 binds tokens to.
enum CertificateDigest {
    /// The digest of an `X509`; `nil` when OpenSSL has no memory for it.
    @unsafe static func bytes(of certificate: OpaquePointer) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        guard unsafe X509_digest(certificate, EVP_sha256(), &digest, &count) == 1, count == 32
        else {
            OpenSSLErrors.clear()
            return nil
        }
        return digest
    }

    /// The digest of the first certificate in a file in PEM form.
    static func ofFile(_ path: String) throws(TLSFailure) -> [UInt8] {
        let text: [UInt8]
        do throws(FileReader.Failure) {
            text = try FileReader.contents(of: path, bytesMax: 65_536)
        } catch { throw TLSFailure(.unreadable(path: path, because: error.description)) }
        let certificate: OpaquePointer? = unsafe text.withUnsafeBufferPointer { bytes in
            let file = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
            defer { unsafe BIO_free(file) }
            return unsafe PEM_read_bio_X509(file, nil, { _, _, _, _ in -1 }, nil)
        }
        defer { unsafe X509_free(certificate) }
        guard let certificate = unsafe certificate,
            let digest = unsafe bytes(of: certificate)
        else {
            OpenSSLErrors.clear()
            throw TLSFailure(.noCertificate(path: path))
        }
        return digest
    }
}
