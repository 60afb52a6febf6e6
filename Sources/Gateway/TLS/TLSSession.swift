import COpenSSL

/// One TLS connection, either side; its bytes go through the loop's `WireStage`.
///
/// After an operation that failed, OpenSSL's error queue is empty again: what is left in it would
/// be taken for a failure of the next connection on the same thread.
@safe struct TLSSession: ~Copyable {
    private let session: OpaquePointer

    /// Takes over a session and attaches it to `stage`; `nil` when memory is short.
    init?(owning session: OpaquePointer?, stage: WireStage) {
        guard let session = unsafe session else { return nil }
        guard unsafe stage.attach(session) else {
            unsafe SSL_free(session)
            return nil
        }
        unsafe self.session = session
    }

    deinit { unsafe SSL_free(session) }

    enum Progress {
        case done
        case wantsMore
        case failed
    }

    enum Reading {
        case bytes(Int)
        case wantsMore

        /// The peer said `close_notify`.
        case ended
        case failed
    }

    /// Goes on with the handshake.
    func handshake() -> Progress {
        ERR_clear_error()
        let result = unsafe SSL_do_handshake(session)
        if result == 1 { return .done }
        return wantsMore(after: result) ? .wantsMore : .failed
    }

    /// Reads plaintext.
    @inline(__always)
    func read(into target: UnsafeMutableRawBufferPointer) -> Reading {
        var count = 0
        let result = unsafe SSL_read_ex(session, target.baseAddress, target.count, &count)
        if result == 1 { return .bytes(count) }
        let reason = unsafe SSL_get_error(session, result)
        ERR_clear_error()
        switch reason {
        case SSL_ERROR_WANT_READ: return .wantsMore
        case SSL_ERROR_ZERO_RETURN: return .ended
        default: return .failed
        }
    }

    /// Encrypts all of `source` into the stage; false when the session is broken.
    @inline(__always)
    func write(_ source: UnsafeRawBufferPointer) -> Bool {
        var rest = unsafe source
        while rest.count > 0 {
            var count = 0
            let result = unsafe SSL_write_ex(session, rest.baseAddress, rest.count, &count)
            guard result == 1 else {
                ERR_clear_error()
                return false
            }
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
        return true
    }

    /// The digest of the certificate that the peer has shown, in this handshake or in the one that it
    /// goes back to; `nil` when it has shown none.
    var peerCertificateDigest: [UInt8]? {
        guard let certificate = unsafe SSL_get0_peer_certificate(session) else { return nil }
        return unsafe CertificateDigest.bytes(of: certificate)
    }

    /// Puts `close_notify` into the stage.
    func close() {
        if unsafe SSL_in_init(session) == 1 { return }
        if unsafe SSL_shutdown(session) < 0 { ERR_clear_error() }
    }

    /// Frees the record buffers while nothing is in them; the next record takes new ones.
    ///
    /// OpenSSL looks only at bytes it has not taken in: of a record whose header was read and whose
    /// body has not come it would free the buffer all the same, and go on to use it.
    func freeBuffers() {
        guard isBetweenRecords else { return }
        _ = unsafe SSL_free_buffers(session)
    }

    /// Whether the next byte read begins a record.
    private var isBetweenRecords: Bool {
        guard let state = unsafe SSL_rstate_string(session) else { return false }
        return unsafe state[0] == 0x52 && state[1] == 0x48
    }

    /// Whether decrypted or encrypted bytes wait inside the session, where epoll does not see them.
    var hasPending: Bool { unsafe SSL_has_pending(session) == 1 }

    /// What is wrong with the peer's certificate, in OpenSSL's words; `nil` when nothing was found.
    var certificateTrouble: String? {
        let code = unsafe SSL_get_verify_result(session)
        guard code != Int(X509_V_OK), let words = unsafe X509_verify_cert_error_string(code) else {
            return nil
        }
        return unsafe String(cString: words)
    }

    private func wantsMore(after result: Int32) -> Bool {
        let reason = unsafe SSL_get_error(session, result)
        ERR_clear_error()
        return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE
    }
}
