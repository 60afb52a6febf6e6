import COpenSSL

/// A certificate authority of one's own, for the demonstration and for tests.
///
/// Its key exists only in memory: when it is gone nobody can issue under its certificate again.
struct CertificateAuthority: ~Copyable {
    /// A certificate and its private key.
    struct Issued: Sendable {
        let certificatePEM: String
        let keyPEM: String
    }

    private let key: FreshKey

    /// `X509 *`.
    private let certificate: UInt

    /// Makes an authority that is called `name` and is valid for `days`.
    init(name: String, days: Int = 365) throws(TLSFailure) {
        let key = try FreshKey()
        let certificate = try Self.makeCertificate(
            subject: name,
            key: key.address,
            issuer: nil,
            days: 0...days
        )
        do throws(TLSFailure) {
            try Self.add(
                [
                    (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
                    (NID_key_usage, "critical,keyCertSign,cRLSign"),
                    (NID_subject_key_identifier, "hash"),
                ],
                to: certificate,
                issuer: certificate
            )
            try Self.sign(certificate, with: key.address)
        } catch {
            unsafe X509_free(OpaquePointer(bitPattern: certificate))
            throw error
        }
        self.key = key
        self.certificate = certificate
    }

    deinit { unsafe X509_free(OpaquePointer(bitPattern: certificate)) }

    /// The authority's own certificate.
    func certificatePEM() throws(TLSFailure) -> String { try Self.pem(of: certificate) }

    /// Issues a server certificate with a new key.
    ///
    /// - Parameters:
    ///   - names: DNS names and IP addresses.
    ///   - days: When it is valid, in days from now; a negative end makes an expired one.
    /// - Returns: The certificate and its key.
    /// - Throws: OpenSSL's reason, when it refuses a name.
    func issue(
        names: [String],
        days: ClosedRange<Int> = 0...90
    ) throws(TLSFailure) -> Issued {
        precondition(!names.isEmpty)
        let leafKey = try FreshKey()
        let leaf = try Self.makeCertificate(
            subject: names[0],
            key: leafKey.address,
            issuer: certificate,
            days: days
        )
        defer { unsafe X509_free(OpaquePointer(bitPattern: leaf)) }
        let alternatives = names.map { ($0.isAddress ? "IP:" : "DNS:") + $0 }
        try Self.add(
            [
                (NID_basic_constraints, "critical,CA:FALSE"),
                (NID_key_usage, "critical,digitalSignature"),
                (NID_ext_key_usage, "serverAuth"),
                (NID_subject_alt_name, alternatives.joined(separator: ",")),
                (NID_authority_key_identifier, "keyid"),
            ],
            to: leaf,
            issuer: certificate
        )
        try Self.sign(leaf, with: key.address)
        return try Issued(certificatePEM: Self.pem(of: leaf), keyPEM: leafKey.privatePEM())
    }
}

extension CertificateAuthority {
    /// An unsigned `X509` with a random serial number; without an issuer it names itself.
    private static func makeCertificate(
        subject: String,
        key: UInt,
        issuer: UInt?,
        days: ClosedRange<Int>
    ) throws(TLSFailure) -> UInt {
        guard let made = unsafe X509_new(), let name = unsafe X509_NAME_new() else {
            throw TLSFailure(.unavailable(because: OpenSSLErrors.drain()))
        }
        defer { unsafe X509_NAME_free(name) }
        let issuer = unsafe OpaquePointer(bitPattern: issuer ?? 0)
        // Half an hour back, for clocks that are a little behind.
        let begin = days.lowerBound * 86_400 - 1_800
        let serial = UInt64.random(in: 1...UInt64(Int64.max))
        let isFilled =
            unsafe X509_set_version(made, 2) == 1
            && ASN1_INTEGER_set_uint64(X509_get_serialNumber(made), serial) == 1
            && X509_gmtime_adj(X509_getm_notBefore(made), begin) != nil
            && X509_gmtime_adj(X509_getm_notAfter(made), days.upperBound * 86_400) != nil
            && X509_NAME_add_entry_by_NID(
                name,
                NID_commonName,
                MBSTRING_ASC,
                subject,
                -1,
                -1,
                0
            ) == 1
            && X509_set_subject_name(made, name) == 1
            && X509_set_issuer_name(made, issuer == nil ? name : X509_get_subject_name(issuer)) == 1
            && X509_set_pubkey(made, OpaquePointer(bitPattern: key)) == 1
        guard isFilled else {
            unsafe X509_free(made)
            throw TLSFailure(.unavailable(because: OpenSSLErrors.drain()))
        }
        return UInt(bitPattern: made)
    }

    private static func add(
        _ extensions: [(kind: Int32, value: String)],
        to certificate: UInt,
        issuer: UInt
    ) throws(TLSFailure) {
        let subject = unsafe OpaquePointer(bitPattern: certificate)
        var context = unsafe X509V3_CTX()
        let issuer = unsafe OpaquePointer(bitPattern: issuer)
        unsafe X509V3_set_ctx(&context, issuer, subject, nil, nil, 0)
        for (kind, value) in extensions {
            guard let made = unsafe X509V3_EXT_conf_nid(nil, &context, kind, value) else {
                throw TLSFailure(.unavailable(because: OpenSSLErrors.drain()))
            }
            defer { unsafe X509_EXTENSION_free(made) }
            guard unsafe X509_add_ext(subject, made, -1) == 1 else {
                throw TLSFailure(.unavailable(because: OpenSSLErrors.drain()))
            }
        }
    }

    private static func sign(_ certificate: UInt, with key: UInt) throws(TLSFailure) {
        let length = unsafe X509_sign(
            OpaquePointer(bitPattern: certificate),
            OpaquePointer(bitPattern: key),
            EVP_sha256()
        )
        guard length > 0 else {
            throw TLSFailure(.unavailable(because: OpenSSLErrors.drain()))
        }
    }

    private static func pem(of certificate: UInt) throws(TLSFailure) -> String {
        try PEMText.make { file in
            unsafe PEM_write_bio_X509(
                OpaquePointer(bitPattern: file),
                OpaquePointer(bitPattern: certificate)
            )
        }
    }
}

extension String {
    /// Whether it reads as an IP address: no label of a host name ends in a digit and has a colon
    /// or only digits.
    fileprivate var isAddress: Bool { contains(":") || last?.isNumber == true }
}
