import COpenSSL
import Policy

/// OpenSSL contexts of the keys that were used last, each for one key and one algorithm.
///
/// Setting one up costs as much as a tenth of a signature. An entry keeps its key alive, so that no
/// other key can come to stand at the same address.
struct PreparedVerifications: ~Copyable {
    private struct Entry {
        let key: VerificationKey
        let algorithm: SignatureAlgorithm

        /// `EVP_PKEY_CTX *`.
        let context: UInt
    }

    private var entries: [Entry] = []

    /// The entry that makes room next.
    private var oldest = 0

    private static let entriesMax = 32

    deinit {
        for entry in entries { unsafe EVP_PKEY_CTX_free(OpaquePointer(bitPattern: entry.context)) }
    }

    /// An `EVP_PKEY_CTX *` that verifies digests; 0 when OpenSSL refuses to make one.
    mutating func context(of key: VerificationKey, _ algorithm: SignatureAlgorithm) -> UInt {
        for entry in entries where entry.key === key && entry.algorithm == algorithm {
            return entry.context
        }
        let context = Self.make(key, algorithm)
        guard context != 0 else { return 0 }
        let entry = Entry(key: key, algorithm: algorithm, context: context)
        if entries.count < Self.entriesMax {
            entries.append(entry)
        } else {
            unsafe EVP_PKEY_CTX_free(OpaquePointer(bitPattern: entries[oldest].context))
            entries[oldest] = entry
            oldest = (oldest + 1) % Self.entriesMax
        }
        return context
    }

    private static func make(_ key: VerificationKey, _ algorithm: SignatureAlgorithm) -> UInt {
        let address = unsafe OpaquePointer(bitPattern: key.address)
        guard let context = unsafe EVP_PKEY_CTX_new(address, nil) else { return 0 }
        guard unsafe EVP_PKEY_verify_init(context) == 1, unsafe set(algorithm, in: context),
            unsafe EVP_PKEY_CTX_set_signature_md(context, algorithm.digest) == 1
        else {
            unsafe EVP_PKEY_CTX_free(context)
            return 0
        }
        return UInt(bitPattern: context)
    }

    /// The padding of RSA; the salt of PSS is as long as the digest, RFC 7518 section 3.5.
    @unsafe private static func set(
        _ algorithm: SignatureAlgorithm,
        in context: OpaquePointer
    ) -> Bool {
        guard algorithm.isRSA else { return true }
        let padding = algorithm.isPSS ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING
        guard unsafe postern_EVP_PKEY_CTX_set_rsa_padding(context, padding) == 1 else {
            return false
        }
        guard algorithm.isPSS else { return true }
        return unsafe postern_EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1
    }
}
