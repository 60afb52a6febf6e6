import COpenSSL
import HTTP

/// Fetches one small document over HTTP/1.1 with a thread that may wait; never on an event loop.
///
/// One deadline covers all of it but the name look-up, whose limit is the resolver's own.
/// Redirects are not followed: a key set comes from where the configuration says.
struct KeyDownload {
    /// Certificate authorities; `nil` is the system's store.
    let caPath: String?

    static let deadlineMilliseconds: Int64 = 5_000

    /// What came back.
    struct Document: Sendable {
        let body: [UInt8]

        /// For how long the server allows it to be kept, in seconds; `nil` when it does not say.
        let maxAgeSeconds: Int64?
    }

    /// Fetches `url`, whose answer must have status 200.
    func get(_ url: OutboundURL) throws(KeyFailure) -> Document {
        let deadline = Clock.monotonicMilliseconds() + Self.deadlineMilliseconds
        let addresses = SocketAddress.resolve(host: url.host, port: url.port)
        guard !addresses.isEmpty else { throw .unresolved(host: url.host) }
        var last = KeyFailure.timeout
        for address in addresses {
            do throws(KeyFailure) {
                return try get(url, from: address, deadline: deadline)
            } catch {
                last = error
                // What an address cannot help with is not tried at the next one.
                guard case .connection = error else { throw error }
            }
        }
        throw last
    }

    private func get(
        _ url: OutboundURL,
        from address: SocketAddress,
        deadline: Int64
    ) throws(KeyFailure) -> Document {
        let descriptor = try Self.connect(to: address, deadline: deadline)
        var session: UInt = 0
        if url.isTLS {
            session = try handshake(url.host, on: descriptor.number, deadline: deadline)
        }
        let stream = BlockingStream(connected: descriptor, session: session, deadline: deadline)
        let request = """
            GET \(url.target) HTTP/1.1\r
            Host: \(url.authority)\r
            Accept: application/json, application/jwk-set+json\r
            User-Agent: postern\r
            Connection: close\r
            \r

            """
        do throws(BlockingStream.Failure) {
            try stream.write(Array(request.utf8))
        } catch { throw Self.failure(error) }
        return try KeyAnswer.read(stream)
    }

    static func failure(_ failure: BlockingStream.Failure) -> KeyFailure {
        failure == .late ? .timeout : .connection("closed before the answer was complete")
    }

    private static func connect(
        to address: SocketAddress,
        deadline: Int64
    ) throws(KeyFailure) -> FileDescriptor {
        let descriptor: FileDescriptor
        do throws(Errno) {
            descriptor = try Socket.connect(to: address)
        } catch { throw .connection(error.description) }
        let left = deadline - Clock.monotonicMilliseconds()
        guard left > 0,
            Readiness.wait(for: .writing, of: descriptor.number, milliseconds: Int(left))
        else { throw .timeout }
        if let failure = Socket.connectFailure(of: descriptor.number) {
            throw .connection(failure.description)
        }
        return descriptor
    }

    /// Makes a session (`SSL *`) that has verified the certificate and the host name.
    private func handshake(
        _ host: String,
        on descriptor: Int32,
        deadline: Int64
    ) throws(KeyFailure) -> UInt {
        let context: UpstreamTLSContext
        do throws(TLSFailure) {
            context = try UpstreamTLSContext(caPath: caPath)
        } catch { throw .tls(error.description) }
        guard let session = unsafe context.makeClientSession(host: host, fd: descriptor) else {
            throw .tls("no session")
        }
        do throws(KeyFailure) {
            try Self.handshake(address: UInt(bitPattern: session), descriptor, deadline)
        } catch {
            unsafe SSL_free(session)
            throw error
        }
        return UInt(bitPattern: session)
    }

    private static func handshake(
        address: UInt,
        _ descriptor: Int32,
        _ deadline: Int64
    ) throws(KeyFailure) {
        let session = unsafe OpaquePointer(bitPattern: address)
        while true {
            OpenSSLErrors.clear()
            let result = unsafe SSL_do_handshake(session)
            if result == 1 { return OpenSSLErrors.clear() }
            let readiness: Readiness
            switch unsafe SSL_get_error(session, result) {
            case SSL_ERROR_WANT_READ: readiness = .reading
            case SSL_ERROR_WANT_WRITE: readiness = .writing
            default:
                let verified = unsafe SSL_get_verify_result(session)
                let because = OpenSSLErrors.drain()
                guard verified != Int(X509_V_OK),
                    let words = unsafe X509_verify_cert_error_string(verified)
                else { throw .tls(because) }
                throw unsafe .tls(String(cString: words))
            }
            let left = deadline - Clock.monotonicMilliseconds()
            guard left > 0,
                Readiness.wait(for: readiness, of: descriptor, milliseconds: Int(left))
            else { throw .timeout }
        }
    }
}
