import COpenSSL
import Foundation

/// A TLS client whose records the test can split, delay and break off as it likes.
///
/// OpenSSL works on memory; this class moves the bytes, so that nothing ever blocks for longer
/// than it is told to.
@safe
final class RawTLSClient: Wire {
    struct Options {
        var serverName: String? = "acme.test"
        var protocols: [String] = []
        var highestVersion: Int32?
        var lowestVersion: Int32?
        var session: RawTLSSession?

        /// The PEM files of the certificate to show when the gateway asks for one, and of its key.
        var certificate: (chain: String, key: String)?

        /// Verify the chain against the test's own authority, and the name.
        var verifiesCertificate = false
    }

    /// How the other side ended the connection.
    enum Ending: Equatable {
        case closeNotify
        case endOfStream
        case reset
    }

    let socket: Socket
    private(set) var ending: Ending?
    private let context: OpaquePointer
    private let ssl: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    init(port: UInt16, _ options: Options = Options()) throws {
        socket = try Socket.connected(to: port)
        guard let context = unsafe SSL_CTX_new(TLS_client_method()),
            let ssl = unsafe SSL_new(context),
            let incoming = unsafe BIO_new(BIO_s_mem()),
            let outgoing = unsafe BIO_new(BIO_s_mem())
        else { throw Trouble.tls("out of memory") }
        unsafe self.context = context
        unsafe self.ssl = ssl
        unsafe self.incoming = incoming
        unsafe self.outgoing = outgoing
        unsafe SSL_set_bio(ssl, incoming, outgoing)
        unsafe SSL_set_connect_state(ssl)
        try apply(options)
        try shakeHands(Deadline(seconds: 10))
    }

    deinit {
        unsafe SSL_free(ssl)
        unsafe SSL_CTX_free(context)
    }

    func send(_ bytes: [UInt8]) throws {
        guard !bytes.isEmpty else { return }
        try socket.send(records(for: bytes))
    }

    /// The TLS records that carry these bytes, not yet sent.
    func records(for bytes: [UInt8]) throws -> [UInt8] {
        ERR_clear_error()
        let written = unsafe bytes.withUnsafeBytes {
            unsafe SSL_write(ssl, $0.baseAddress, Int32($0.count))
        }
        guard written == Int32(bytes.count) else { throw Trouble.tls("SSL_write \(written)") }
        return pendingOutput()
    }

    func receive(_ deadline: Deadline) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while ending == nil {
            ERR_clear_error()
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe SSL_read(ssl, $0.baseAddress, Int32($0.count))
            }
            if count > 0 { return Array(buffer.prefix(Int(count))) }
            switch unsafe SSL_get_error(ssl, count) {
            case SSL_ERROR_WANT_READ: try pull(deadline)
            case SSL_ERROR_ZERO_RETURN: ending = .closeNotify
            default: throw Trouble.tls("reading: \(Self.reason())")
            }
        }
        return []
    }

    /// Says that nothing more will be sent, on the level of TLS.
    func sendCloseNotify() throws {
        _ = unsafe SSL_shutdown(ssl)
        try socket.send(pendingOutput())
    }

    func close() {
        try? sendCloseNotify()
        socket.close()
    }

    func abort() { socket.abort() }

    private func apply(_ options: Options) throws {
        if let name = options.serverName {
            _ = unsafe postern_SSL_set_tlsext_host_name(ssl, name)
        }
        if let version = options.highestVersion {
            _ = unsafe SSL_ctrl(ssl, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil)
        }
        if let version = options.lowestVersion {
            _ = unsafe SSL_ctrl(ssl, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(version), nil)
            unsafe SSL_set_security_level(ssl, 0)
        }
        if !options.protocols.isEmpty {
            let list = options.protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
            _ = unsafe SSL_set_alpn_protos(ssl, list, UInt32(list.count))
        }
        if let (chain, key) = options.certificate {
            guard unsafe SSL_use_certificate_file(ssl, chain, SSL_FILETYPE_PEM) == 1,
                unsafe SSL_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM) == 1
            else { throw Trouble.tls("cannot show \(chain)") }
        }
        if let session = options.session {
            unsafe SSL_set_session(ssl, session.pointer)
        }
        if options.verifiesCertificate {
            let authority = try CertificateAuthority.shared().certificatePath
            guard unsafe SSL_CTX_load_verify_locations(context, authority, nil) == 1 else {
                throw Trouble.tls("cannot load \(authority)")
            }
            unsafe SSL_set_verify(ssl, SSL_VERIFY_PEER, nil)
            _ = unsafe SSL_set1_host(ssl, options.serverName)
        }
    }

    private func shakeHands(_ deadline: Deadline) throws {
        while true {
            ERR_clear_error()
            let outcome = unsafe SSL_do_handshake(ssl)
            let failure = unsafe SSL_get_error(ssl, outcome)
            try socket.send(pendingOutput())
            if outcome == 1 { return }
            guard failure == SSL_ERROR_WANT_READ else {
                throw Trouble.tls("handshake: \(Self.reason())")
            }
            try pull(deadline)
            if let ending { throw Trouble.closed("during the handshake (\(ending))") }
        }
    }

    /// Moves what arrived on the socket to OpenSSL.
    private func pull(_ deadline: Deadline) throws {
        do {
            let bytes = try socket.receive(deadline)
            guard !bytes.isEmpty else {
                ending = .endOfStream
                return
            }
            _ = unsafe bytes.withUnsafeBytes {
                unsafe BIO_write(incoming, $0.baseAddress, Int32($0.count))
            }
        } catch Trouble.reset {
            ending = .reset
        }
    }

    private func pendingOutput() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: unsafe BIO_ctrl_pending(outgoing))
        guard !bytes.isEmpty else { return [] }
        _ = unsafe bytes.withUnsafeMutableBytes {
            unsafe BIO_read(outgoing, $0.baseAddress, Int32($0.count))
        }
        return bytes
    }

    private static func reason() -> String {
        let code = ERR_get_error()
        return unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) } ?? "\(code)"
    }
}

extension RawTLSClient {
    var negotiatedVersion: Int32 { unsafe SSL_version(ssl) }

    var isResumed: Bool { unsafe SSL_session_reused(ssl) == 1 }

    /// The session to resume with; with TLS 1.3 it is there after the first answer was read.
    var session: RawTLSSession? {
        unsafe SSL_get1_session(ssl).map { unsafe RawTLSSession(owning: $0) }
    }

    var negotiatedProtocol: String? {
        var pointer: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &pointer, &length)
        guard let pointer = unsafe pointer else { return nil }
        let bytes = unsafe UnsafeBufferPointer(start: pointer, count: Int(length))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    /// The subject of the certificate that the gateway showed.
    var certificateSubject: String? {
        guard let certificate = unsafe SSL_get1_peer_certificate(ssl) else { return nil }
        defer { unsafe X509_free(certificate) }
        guard let line = unsafe X509_NAME_oneline(X509_get_subject_name(certificate), nil, 0)
        else { return nil }
        defer { unsafe CRYPTO_free(line, #file, #line) }
        return unsafe String(cString: line)
    }
}

/// A TLS session kept for a later connection.
@safe
final class RawTLSSession {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit { unsafe SSL_SESSION_free(pointer) }
}
