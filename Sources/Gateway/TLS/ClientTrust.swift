import COpenSSL

/// Whether a listener asks clients for a certificate, and which ones it takes.
///
/// A resumed session brings the certificate of the handshake that it goes back to. Only the context
/// that gave a ticket can read it, so no session is carried over to a listener, or past a reload, with
/// another trust.
struct ClientTrust: Hashable, Sendable {
    var mode = Configuration.ClientCertificates.none

    /// Certificate authorities in PEM form; `nil`: any certificate is taken, as it is.
    var authoritiesPath: String?

    /// The most bytes of a client's certificates.
    static let certificateBytesMax = 32 * 1_024

    /// Sets the context at `address` up, one of a listener's: its session may have begun under
    /// another, so all of them are the same in this.
    func install(address: UInt) throws(TLSFailure) {
        guard mode != .none else { return }
        let context = unsafe OpaquePointer(bitPattern: address)
        let must = mode == .require ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER | must, nil)
        // SSL_CTX_set_max_cert_list, a macro.
        unsafe _ = SSL_CTX_ctrl(
            context,
            SSL_CTRL_SET_MAX_CERT_LIST,
            Self.certificateBytesMax,
            nil
        )
        guard let authoritiesPath else {
            // A token is bound to the certificate itself: the handshake shows that the client has
            // its key, and nothing that stands in it matters, RFC 8705 section 3.
            unsafe SSL_CTX_set_cert_verify_callback(context, { _, _ in 1 }, nil)
            return
        }
        try CertificateAuthorities.trust(authoritiesPath, address: address)
        guard let names = unsafe SSL_load_client_CA_file(authoritiesPath) else {
            OpenSSLErrors.clear()
            throw TLSFailure(.noCertificate(path: authoritiesPath))
        }
        unsafe SSL_CTX_set_client_CA_list(context, names)
    }

    /// Finds out whether the file of authorities can be used.
    func check() throws(TLSFailure) {
        guard let context = unsafe SSL_CTX_new(TLS_server_method()) else {
            throw TLSFailure(.unavailable(because: OpenSSLErrors.drain()))
        }
        defer { unsafe SSL_CTX_free(context) }
        try install(address: UInt(bitPattern: context))
    }
}
