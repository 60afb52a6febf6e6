import COpenSSL

@testable import Gateway

/// A client and a server of TLS that shake hands in memory.
@safe final class MemoryHandshake {
    private let client: OpaquePointer
    private let server: OpaquePointer

    /// Connects the two; `nil` when memory is short.
    init?(client: OpaquePointer?, server: OpaquePointer?) {
        guard let client = unsafe client, let server = unsafe server else { return nil }
        var ours: OpaquePointer?
        var theirs: OpaquePointer?
        guard unsafe BIO_new_bio_pair(&ours, 65_536, &theirs, 65_536) == 1 else { return nil }
        unsafe SSL_set_bio(client, ours, ours)
        unsafe SSL_set_bio(server, theirs, theirs)
        unsafe self.client = client
        unsafe self.server = server
    }

    deinit {
        unsafe SSL_free(client)
        unsafe SSL_free(server)
        ERR_clear_error()
    }

    /// Shakes hands until both sides are done or one refuses, and says whether both are done.
    func run() -> Bool {
        for _ in 0..<20 {
            let clientIsDone = unsafe SSL_do_handshake(client) == 1
            let serverIsDone = unsafe SSL_do_handshake(server) == 1
            ERR_clear_error()
            if clientIsDone && serverIsDone { return true }
        }
        return false
    }

    /// What the client remembers, once it has read the tickets; the caller frees it.
    @unsafe func session() -> OpaquePointer? {
        var byte: UInt8 = 0
        _ = unsafe SSL_read(client, &byte, 1)
        ERR_clear_error()
        return unsafe SSL_get1_session(client)
    }

    /// Makes the client offer what an earlier one remembered.
    @unsafe func offer(_ session: OpaquePointer?) { unsafe _ = SSL_set_session(client, session) }

    /// Makes the client show a certificate when it is asked for one.
    func show(_ files: Configuration.CertificateFiles) -> Bool {
        unsafe SSL_use_certificate_file(client, files.chainPath, SSL_FILETYPE_PEM) == 1
            && SSL_use_PrivateKey_file(client, files.keyPath, SSL_FILETYPE_PEM) == 1
    }

    /// The digest of what the client has shown to the server.
    var clientDigest: [UInt8]? {
        guard let shown = unsafe SSL_get0_peer_certificate(server) else { return nil }
        return unsafe CertificateDigest.bytes(of: shown)
    }

    var isResumed: Bool { unsafe SSL_session_reused(client) == 1 }

    /// The first name of the certificate that the server showed.
    var commonName: String {
        guard let shown = unsafe SSL_get1_peer_certificate(client) else { return "" }
        defer { unsafe X509_free(shown) }
        var text = [CChar](repeating: 0, count: 256)
        let name = unsafe X509_get_subject_name(shown)
        let length = unsafe X509_NAME_get_text_by_NID(name, NID_commonName, &text, 256)
        let bytes = text.prefix(Int(max(length, 0))).map(UInt8.init(bitPattern:))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The protocol chosen by ALPN, empty when none was.
    var chosenProtocol: String {
        var start: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        unsafe SSL_get0_alpn_selected(client, &start, &length)
        let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(length))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    var version: String { unsafe String(cString: SSL_get_version(client)) }

    var cipher: String {
        unsafe String(cString: SSL_CIPHER_get_name(SSL_get_current_cipher(client)))
    }

    /// A client that trusts nobody and checks nothing, for what the server does.
    @unsafe static func plainClient(
        name: String?,
        protocols: [String] = [],
        versionMax: Int32 = TLS1_3_VERSION,
        versionMin: Int32 = TLS1_VERSION
    ) -> OpaquePointer? {
        let context = unsafe SSL_CTX_new(TLS_client_method())
        defer { unsafe SSL_CTX_free(context) }
        unsafe _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(versionMin), nil)
        unsafe _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(versionMax), nil)
        let client = unsafe SSL_new(context)
        unsafe SSL_set_connect_state(client)
        if let name { unsafe _ = postern_SSL_set_tlsext_host_name(client, name) }
        let list = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !list.isEmpty { unsafe _ = SSL_set_alpn_protos(client, list, UInt32(list.count)) }
        return unsafe client
    }
}
