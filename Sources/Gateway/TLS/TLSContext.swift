import COpenSSL
import Glibc

/// The server side of TLS for one listener: certificates by server name, protocol, resumption.
///
/// One context serves every loop; OpenSSL guards what its sessions share. A session keeps what it
/// needs of the context alive, so a context may be dropped while its sessions go on.
///
/// TLS 1.2 and 1.3, forward secrecy and authenticated ciphers only, no renegotiation, no
/// compression, ALPN `http/1.1`. A client that names an unknown host gets the first certificate.
final class TLSContext: Sendable {
    /// The certificates in the order of the configuration; the first is the default.
    let certificates: [Certificate]

    /// Whether clients are asked for a certificate.
    let asksClients: Bool

    /// `SSL_CTX *` of the first certificate, which chooses among the others.
    private let address: UInt

    /// Loads every certificate.
    ///
    /// - Parameters:
    ///   - files: At least one pair of files.
    ///   - sessionTickets: Whether clients may resume; if not, every handshake is a full one.
    ///   - clients: Whether they are asked for a certificate, and which ones are taken.
    /// - Throws: The first file that cannot be used.
    init(
        certificates files: [Configuration.CertificateFiles],
        sessionTickets: Bool = true,
        clients: ClientTrust = ClientTrust()
    ) throws(TLSFailure) {
        precondition(!files.isEmpty)
        var loaded: [Certificate] = []
        var contexts: [UInt] = []
        do throws(TLSFailure) {
            for pair in files {
                let chain = try CertificateChain(pair)
                let context = try Self.makeContext(sessionTickets: sessionTickets)
                contexts.append(context)
                try clients.install(address: context)
                try chain.install(address: context)
                loaded.append(chain.certificate)
            }
        } catch {
            for context in contexts { unsafe SSL_CTX_free(Self.pointer(context)) }
            throw error
        }
        certificates = loaded
        asksClients = clients.mode != .none
        address = contexts[0]
        let names = ServerNames(certificates: loaded, others: Array(contexts.dropFirst()))
        unsafe Self.chooseByName(names, in: Self.pointer(address))
    }

    deinit { unsafe SSL_CTX_free(Self.pointer(address)) }

    /// A session for an accepted connection, or `nil` when memory is short.
    ///
    /// The caller owns it, gives it a BIO and frees it with `SSL_free`.
    @unsafe func makeServerSession() -> OpaquePointer? {
        guard let session = unsafe SSL_new(Self.pointer(address)) else {
            OpenSSLErrors.clear()
            return nil
        }
        unsafe SSL_set_accept_state(session)
        return unsafe session
    }

    @unsafe private static func pointer(_ address: UInt) -> OpaquePointer? {
        unsafe OpaquePointer(bitPattern: address)
    }
}

extension TLSContext {
    /// What Mozilla calls intermediate, less everything that is not ECDHE with an AEAD.
    private static let cipherList = """
        ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:\
        ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
        ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
        """

    private static let groupList = "X25519:P-256:P-384"

    /// An `SSL_CTX` with everything set but the certificate.
    private static func makeContext(sessionTickets: Bool) throws(TLSFailure) -> UInt {
        guard let context = unsafe SSL_CTX_new(TLS_server_method()) else {
            throw TLSFailure(.unavailable(because: OpenSSLErrors.drain()))
        }
        let isSet =
            unsafe postern_SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1
            && SSL_CTX_set_cipher_list(context, cipherList) == 1
            && postern_SSL_CTX_set1_groups_list(context, groupList) == 1
            && SSL_CTX_set_session_id_context(context, "postern", 7) == 1
        guard isSet else {
            let because = OpenSSLErrors.drain()
            unsafe SSL_CTX_free(context)
            throw TLSFailure(.unavailable(because: because))
        }
        unsafe SSL_CTX_set_options(context, postern_SSL_OP_server())
        unsafe setResumption(sessionTickets, in: context)
        unsafe setReading(in: context)
        unsafe SSL_CTX_set_alpn_select_cb(context, chooseProtocol, nil)
        return UInt(bitPattern: context)
    }

    /// Resumption is by ticket only: a session cache would be one lock for all loops.
    @unsafe private static func setResumption(_ isOn: Bool, in context: OpaquePointer) {
        unsafe _ = postern_SSL_CTX_set_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
        unsafe SSL_CTX_set_num_tickets(context, isOn ? 1 : 0)
        if !isOn { unsafe SSL_CTX_set_options(context, postern_SSL_OP_no_ticket()) }
    }

    /// How sessions read and write; also right for the client side.
    ///
    /// `SSL_MODE_AUTO_RETRY` stays on, as by default: with read-ahead a whole record can wait in the
    /// session's buffer, where epoll does not see it, so a read must not stop at one without data.
    @unsafe static func setReading(in context: OpaquePointer) {
        unsafe postern_SSL_CTX_set_read_ahead(context, 1)
        let modes = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
        unsafe _ = postern_SSL_CTX_set_mode(context, Int(modes))
    }
}

extension TLSContext {
    /// Where a context keeps its `ServerNames`; OpenSSL releases them with the context.
    private static let namesIndex = unsafe postern_SSL_CTX_new_ex_index { _, names, _, _, _, _ in
        if let names = unsafe names {
            unsafe Unmanaged<ServerNames>.fromOpaque(names).release()
        }
    }

    @unsafe private static func chooseByName(_ names: ServerNames, in context: OpaquePointer?) {
        let retained = unsafe Unmanaged.passRetained(names).toOpaque()
        guard unsafe SSL_CTX_set_ex_data(context, namesIndex, retained) == 1 else {
            OpenSSLErrors.clear()
            unsafe Unmanaged<ServerNames>.fromOpaque(retained).release()
            return
        }
        unsafe _ = postern_SSL_CTX_set_servername_arg(context, retained)
        unsafe _ = postern_SSL_CTX_set_servername_callback(context) { session, _, names in
            let asked = unsafe SSL_get_servername(session, TLSEXT_NAMETYPE_host_name)
            guard let names = unsafe names, let asked = unsafe asked else {
                return SSL_TLSEXT_ERR_NOACK
            }
            let table = unsafe Unmanaged<ServerNames>.fromOpaque(names).takeUnretainedValue()
            guard let found = unsafe table.context(for: String(cString: asked)) else {
                return SSL_TLSEXT_ERR_NOACK
            }
            if found != 0 { unsafe SSL_set_SSL_CTX(session, OpaquePointer(bitPattern: found)) }
            return SSL_TLSEXT_ERR_OK
        }
    }
}

/// Chooses `http/1.1` when the client offers it; another list is left unanswered, RFC 7301.
private let chooseProtocol: SSL_CTX_alpn_select_cb_func = {
    _,
    chosen,
    chosenLength,
    offered,
    offeredLength,
    _ in
    let wanted: StaticString = "http/1.1"
    guard let offered = unsafe offered else { return SSL_TLSEXT_ERR_NOACK }
    var offset = 0
    while offset < Int(offeredLength) {
        let length = Int(unsafe offered[offset])
        let name = unsafe offered + offset + 1
        offset += 1 + length
        guard offset <= Int(offeredLength) else { break }
        let isWanted =
            unsafe length == wanted.utf8CodeUnitCount
            && memcmp(name, wanted.utf8Start, length) == 0
        if isWanted {
            unsafe chosen?.pointee = name
            unsafe chosenLength?.pointee = UInt8(length)
            return SSL_TLSEXT_ERR_OK
        }
    }
    return SSL_TLSEXT_ERR_NOACK
}
