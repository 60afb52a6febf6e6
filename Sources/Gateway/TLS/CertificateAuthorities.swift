import COpenSSL
import Glibc

/// Files of certificate authorities, in PEM form.
enum CertificateAuthorities {
    /// Has the `SSL_CTX` at `address` trust those in the file at `path`, besides what it trusts.
    static func trust(_ path: String, address: UInt) throws(TLSFailure) {
        guard unsafe access(path, R_OK) == 0 else {
            let because = unsafe String(cString: strerror(errno))
            throw TLSFailure(.unreadable(path: path, because: because))
        }
        guard unsafe SSL_CTX_load_verify_file(OpaquePointer(bitPattern: address), path) == 1 else {
            OpenSSLErrors.clear()
            throw TLSFailure(.noCertificate(path: path))
        }
    }
}
