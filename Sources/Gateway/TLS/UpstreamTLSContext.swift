import COpenSSL

/// The client side of TLS, towards one upstream or key set: the certificate is always verified.
final class UpstreamTLSContext: Sendable {
    /// `SSL_CTX *`.
    private let address: UInt

    /// Trusts the authorities in `caPath`, or those of the system when it is `nil`.
    init(caPath: String?) throws(TLSFailure) {
        guard let context = unsafe SSL_CTX_new(TLS_client_method()) else {
            throw TLSFailure(.unavailable(because: OpenSSLErrors.drain()))
        }
        address = UInt(bitPattern: context)
        unsafe _ = postern_SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION)
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        unsafe TLSContext.setReading(in: context)
        unsafe _ = SSL_CTX_set_alpn_protos(context, "\u{8}http/1.1", 9)
        guard let caPath else {
            unsafe _ = SSL_CTX_set_default_verify_paths(context)
            OpenSSLErrors.clear()
            return
        }
        try CertificateAuthorities.trust(caPath, address: address)
    }

    deinit { unsafe SSL_CTX_free(OpaquePointer(bitPattern: address)) }

    /// A session for a connection to `host` on `fd`, or `nil` when memory is short.
    ///
    /// The certificate must be for `host`, a name or an address without brackets. The caller owns
    /// the session and frees it with `SSL_free`, which leaves `fd` open.
    @unsafe func makeClientSession(host: String, fd: Int32) -> OpaquePointer? {
        guard let session = unsafe SSL_new(OpaquePointer(bitPattern: address)) else {
            OpenSSLErrors.clear()
            return nil
        }
        guard unsafe expect(host, in: session), unsafe SSL_set_fd(session, fd) == 1 else {
            OpenSSLErrors.clear()
            unsafe SSL_free(session)
            return nil
        }
        unsafe SSL_set_connect_state(session)
        return unsafe session
    }

    /// Demands a certificate for `host`; an address is not sent as a server name, RFC 6066.
    @unsafe private func expect(_ host: String, in session: OpaquePointer) -> Bool {
        let isAddress = unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1
        if isAddress { return true }
        OpenSSLErrors.clear()
        unsafe SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        return unsafe SSL_set1_host(session, host) == 1
            && postern_SSL_set_tlsext_host_name(session, host) == 1
    }
}
