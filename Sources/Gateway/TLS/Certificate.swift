import COpenSSL
import Glibc

/// What is known of a loaded server certificate.
struct Certificate: Hashable, Sendable {
    /// Where it came from.
    let files: Configuration.CertificateFiles

    /// The DNS names it is for, lower-case; `*.example` for one label in front of `.example`.
    let names: [String]

    /// The first second at which it is valid, in seconds since 1970.
    let notBefore: Int64

    /// The last second at which it is valid, in seconds since 1970.
    let notAfter: Int64

    /// Whether a client would refuse it at `now` (seconds since 1970) for its dates.
    func isOutOfDate(at now: Int64) -> Bool { now < notBefore || now > notAfter }
}

extension Certificate {
    /// Reads the names and dates of an `X509`.
    @unsafe init(reading leaf: OpaquePointer, files: Configuration.CertificateFiles) {
        self.files = files
        names = unsafe Self.names(of: leaf)
        notBefore = unsafe Self.seconds(X509_get0_notBefore(leaf))
        notAfter = unsafe Self.seconds(X509_get0_notAfter(leaf))
    }

    /// The `dNSName` entries of the subject alternative names, RFC 5280 section 4.2.1.6.
    @unsafe private static func names(of leaf: OpaquePointer) -> [String] {
        guard let found = unsafe X509_get_ext_d2i(leaf, NID_subject_alt_name, nil, nil) else {
            return []
        }
        let stack = OpaquePointer(found)
        defer { unsafe GENERAL_NAMES_free(stack) }
        var names: [String] = []
        let count = unsafe OPENSSL_sk_num(stack)
        for index in 0..<max(count, 0) {
            guard let entry = unsafe OPENSSL_sk_value(stack, index) else { continue }
            let name = unsafe entry.assumingMemoryBound(to: GENERAL_NAME.self)
            var type: Int32 = 0
            let value = unsafe GENERAL_NAME_get0_value(name, &type)
            guard type == GEN_DNS, let value = unsafe value else { continue }
            let text = unsafe value.assumingMemoryBound(to: ASN1_STRING.self)
            let bytes = unsafe UnsafeBufferPointer(
                start: ASN1_STRING_get0_data(text),
                count: Int(ASN1_STRING_length(text))
            )
            unsafe names.append(String(decoding: bytes, as: UTF8.self).lowercased())
        }
        return names
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64 {
        var broken = unsafe tm()
        guard let time = unsafe time, unsafe ASN1_TIME_to_tm(time, &broken) == 1 else { return 0 }
        return unsafe Int64(timegm(&broken))
    }
}
