/// Why certificates could not be loaded or a TLS context could not be made.
struct TLSFailure: Error, Hashable, Sendable {
    /// What is wrong.
    let reason: Reason

    /// The files of the `certificate` statement at fault, `nil` when it was none.
    let files: Configuration.CertificateFiles?

    init(_ reason: Reason, files: Configuration.CertificateFiles? = nil) {
        self.reason = reason
        self.files = files
    }

    enum Reason: Hashable, Sendable {
        /// The file is missing or may not be read; `because` is the system's word for it.
        case unreadable(path: String, because: String)

        /// The file holds no certificate in PEM form.
        case noCertificate(path: String)

        /// The file holds no private key in PEM form, or an encrypted one.
        case noPrivateKey(path: String)

        /// The private key belongs to another certificate.
        case keyMismatch(chainPath: String, keyPath: String)

        /// OpenSSL refuses what the file holds, a key that is too short for example.
        case refused(path: String, because: String)

        /// OpenSSL itself could not be set up.
        case unavailable(because: String)
    }
}

extension TLSFailure: CustomStringConvertible {
    /// What was found and what was wanted; never the contents of a file.
    var description: String {
        switch reason {
        case .unreadable(let path, let because):
            "cannot read `\(path)`: \(because)"
        case .noCertificate(let path):
            "`\(path)` holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"
        case .noPrivateKey(let path):
            "`\(path)` holds no unencrypted private key in PEM form (-----BEGIN PRIVATE KEY-----)"
        case .keyMismatch(let chainPath, let keyPath):
            "the private key in `\(keyPath)` does not belong to the certificate in `\(chainPath)`"
        case .refused(let path, let because):
            "`\(path)` cannot be used: \(because)"
        case .unavailable(let because):
            "tls cannot be set up: \(because)"
        }
    }
}
