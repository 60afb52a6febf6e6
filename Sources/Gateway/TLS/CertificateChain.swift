import COpenSSL
import Glibc

/// A certificate, what leads from it to an authority, and its private key, as read from PEM files.
struct CertificateChain: ~Copyable {
    /// What is known of the leaf certificate.
    let certificate: Certificate

    /// `X509 *`, the leaf first; at least one.
    private let certificates: [UInt]

    /// `EVP_PKEY *`.
    private let key: UInt

    /// Reads both files and checks that they belong together.
    init(_ files: Configuration.CertificateFiles) throws(TLSFailure) {
        let certificates = try Self.readCertificates(files)
        let key: UInt
        do throws(TLSFailure) {
            key = try Self.readKey(files)
        } catch {
            Self.free(certificates)
            throw error
        }
        let leaf = unsafe OpaquePointer(bitPattern: certificates[0])
        guard let leaf = unsafe leaf,
            unsafe X509_check_private_key(leaf, OpaquePointer(bitPattern: key)) == 1
        else {
            OpenSSLErrors.clear()
            Self.free(certificates)
            unsafe EVP_PKEY_free(OpaquePointer(bitPattern: key))
            throw TLSFailure(
                .keyMismatch(chainPath: files.chainPath, keyPath: files.keyPath),
                files: files
            )
        }
        self.certificates = certificates
        self.key = key
        certificate = unsafe Certificate(reading: leaf, files: files)
    }

    deinit {
        Self.free(certificates)
        unsafe EVP_PKEY_free(OpaquePointer(bitPattern: key))
    }

    /// Gives the chain and the key to the `SSL_CTX` at `address`, which keeps its own references.
    func install(address: UInt) throws(TLSFailure) {
        let context = unsafe OpaquePointer(bitPattern: address)
        let leaf = unsafe OpaquePointer(bitPattern: certificates[0])
        guard unsafe SSL_CTX_use_certificate(context, leaf) == 1 else {
            throw refusal(of: certificate.files.chainPath)
        }
        for intermediate in certificates.dropFirst() {
            let added = unsafe UnsafeMutableRawPointer(bitPattern: intermediate)
            // SSL_CTX_add1_chain_cert, a macro.
            guard unsafe SSL_CTX_ctrl(context, SSL_CTRL_CHAIN_CERT, 1, added) == 1 else {
                throw refusal(of: certificate.files.chainPath)
            }
        }
        guard unsafe SSL_CTX_use_PrivateKey(context, OpaquePointer(bitPattern: key)) == 1 else {
            throw refusal(of: certificate.files.keyPath)
        }
    }

    private func refusal(of path: String) -> TLSFailure {
        TLSFailure(.refused(path: path, because: OpenSSLErrors.drain()), files: certificate.files)
    }
}

extension CertificateChain {
    private static func free(_ certificates: [UInt]) {
        for certificate in certificates {
            unsafe X509_free(OpaquePointer(bitPattern: certificate))
        }
    }

    private static func readCertificates(
        _ files: Configuration.CertificateFiles
    ) throws(TLSFailure) -> [UInt] {
        let file = try unsafe open(files.chainPath, of: files)
        defer { unsafe BIO_free(file) }
        var certificates: [UInt] = []
        while let next = unsafe PEM_read_bio_X509(file, nil, refusePassword, nil) {
            certificates.append(UInt(bitPattern: next))
        }
        OpenSSLErrors.clear()
        guard !certificates.isEmpty else {
            throw TLSFailure(.noCertificate(path: files.chainPath), files: files)
        }
        return certificates
    }

    private static func readKey(
        _ files: Configuration.CertificateFiles
    ) throws(TLSFailure) -> UInt {
        let file = try unsafe open(files.keyPath, of: files)
        defer { unsafe BIO_free(file) }
        guard let key = unsafe PEM_read_bio_PrivateKey(file, nil, refusePassword, nil) else {
            OpenSSLErrors.clear()
            throw TLSFailure(.noPrivateKey(path: files.keyPath), files: files)
        }
        return UInt(bitPattern: key)
    }

    @unsafe private static func open(
        _ path: String,
        of files: Configuration.CertificateFiles
    ) throws(TLSFailure) -> OpaquePointer {
        errno = 0
        guard let file = unsafe BIO_new_file(path, "r") else {
            let because = unsafe String(cString: strerror(errno))
            OpenSSLErrors.clear()
            throw TLSFailure(.unreadable(path: path, because: because), files: files)
        }
        return unsafe file
    }

    /// Answers OpenSSL's question for a password, which it would otherwise ask on the terminal.
    private static let refusePassword: PasswordCallback = { _, _, _, _ in -1 }

    private typealias PasswordCallback =
        @convention(c) @Sendable (
            UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?
        ) -> Int32
}
