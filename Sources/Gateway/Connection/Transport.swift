/// One connection's way to its peer: a socket, TLS or not, and the bytes that the socket would
/// not take yet.
///
/// Sockets are watched edge-triggered and once: `canRead` and `canWrite` remember what the kernel
/// said, so a connection that is served at once costs no call to epoll. `close` must be called
/// before it is dropped.
struct Transport: ~Copyable {
    let socket: Int32
    private var session: TLSSession?
    let isTLS: Bool

    /// Wire bytes that wait until the socket takes them.
    private var unsent = ByteQueue()

    /// Whether the socket may have bytes.
    var canRead = true

    /// Whether the socket takes bytes.
    var canWrite = true

    /// Whether the kernel said that the peer's stream has ended or broken.
    var peerEnded = false

    /// Whether `close_notify` was sent or waits to be.
    private var hasSaidGoodbye = false

    /// Whether the handshake is done; always so without TLS.
    private(set) var isEstablished: Bool

    init(socket: Int32, session: consuming TLSSession?) {
        self.socket = socket
        isTLS = session != nil
        isEstablished = !isTLS
        self.session = session
    }

    enum Reading {
        case bytes(Int)
        case wouldBlock

        /// The stream has ended; nothing more will come.
        case ended
        case failed
    }

    enum Progress: Equatable {
        case done
        case blocked
        case failed
    }

    /// Whether bytes wait to be sent.
    @inline(__always) var hasUnsent: Bool { !unsent.isEmpty }

    /// Whether bytes of the peer wait inside the TLS session, where epoll does not see them.
    @inline(__always)
    var hasPending: Bool {
        switch session {
        case .some(let session): session.hasPending
        case .none: false
        }
    }

    /// What is wrong with the peer's certificate; `nil` when nothing was found.
    var certificateTrouble: String? {
        switch session {
        case .some(let session): session.certificateTrouble
        case .none: nil
        }
    }

    /// The digest of the certificate that the peer has shown, once the handshake is done.
    var peerCertificateDigest: [UInt8]? {
        switch session {
        case .some(let session): session.peerCertificateDigest
        case .none: nil
        }
    }

    /// Takes note of what epoll reported.
    @inline(__always)
    mutating func note(_ readiness: Epoll.Interest) {
        if !readiness.isDisjoint(with: [.read, .peerEnded, .hangUp, .error]) { canRead = true }
        if readiness.contains(.write) { canWrite = true }
        if !readiness.isDisjoint(with: [.peerEnded, .hangUp, .error]) { peerEnded = true }
    }

    /// Goes on with the handshake and sends what it produced.
    mutating func handshake(stage: WireStage, pool: inout BufferPool) -> Progress {
        guard let progress = handshakeStep(stage: stage) else { return .done }
        let sent = flushStage(stage, pool: &pool)
        switch progress {
        case .done:
            isEstablished = true
            return sent == .failed ? .failed : .done
        case .wantsMore: return sent == .failed || stage.hasEnded ? .failed : .blocked
        case .failed: return .failed
        }
    }

    private mutating func handshakeStep(stage: WireStage) -> TLSSession.Progress? {
        stage.take(socket: socket, canRead: canRead, peerEnded: peerEnded)
        let progress = session?.handshake()
        canRead = stage.canRead
        return progress
    }

    /// Reads into `target`, which must not be empty.
    @inline(__always)
    mutating func read(
        into target: UnsafeMutableRawBufferPointer,
        stage: WireStage,
        pool: inout BufferPool
    ) -> Reading {
        guard isTLS else { return unsafe readPlain(into: target) }
        stage.take(socket: socket, canRead: canRead, peerEnded: peerEnded)
        guard let result = unsafe session?.read(into: target) else { return .failed }
        canRead = stage.canRead
        if stage.hasOutput, flushStage(stage, pool: &pool) == .failed { return .failed }
        switch result {
        case .bytes(let count): return .bytes(count)
        case .wantsMore: return .wouldBlock
        case .ended: return .ended
        case .failed: return stage.hasEnded ? .ended : .failed
        }
    }

    private mutating func readPlain(into target: UnsafeMutableRawBufferPointer) -> Reading {
        guard canRead else { return .wouldBlock }
        switch unsafe Socket.receive(socket, into: target) {
        case .bytes(let count):
            if count < target.count && !peerEnded { canRead = false }
            return .bytes(count)
        case .wouldBlock:
            canRead = false
            return .wouldBlock
        case .ended: return .ended
        case .failed: return .failed
        }
    }

    /// Sends `bytes`, at most 64 KiB; what the socket does not take is kept.
    ///
    /// - Returns: `.blocked` when something is kept: send no more until `flush` says `.done`.
    @inline(__always)
    mutating func write(
        _ bytes: Span<UInt8>,
        stage: WireStage,
        pool: inout BufferPool
    ) -> Progress {
        unsafe bytes.withUnsafeBytes { source in
            guard isTLS else { return unsafe send(source, pool: &pool) }
            guard unsafe encrypt(source, stage) else { return .failed }
            return flushStage(stage, pool: &pool)
        }
    }

    /// Sends the last `bytes`, and `close_notify` with them.
    @inline(__always)
    mutating func writeLast(
        _ bytes: Span<UInt8>,
        stage: WireStage,
        pool: inout BufferPool
    ) -> Progress {
        unsafe bytes.withUnsafeBytes { source in
            guard isTLS else { return unsafe send(source, pool: &pool) }
            guard unsafe encrypt(source, stage) else { return .failed }
            session?.close()
            hasSaidGoodbye = true
            return flushStage(stage, pool: &pool)
        }
    }

    /// Sends what is kept.
    mutating func flush(pool: inout BufferPool) -> Progress {
        while !unsent.isEmpty {
            let waiting = unsent.count
            let sent = unsafe unsent.span.withUnsafeBytes { unsafe Socket.send(socket, $0) }
            switch sent {
            case .bytes(let count):
                unsent.consume(count)
                if count < waiting {
                    canWrite = false
                    return .blocked
                }
            case .wouldBlock:
                canWrite = false
                return .blocked
            case .ended, .failed: return .failed
            }
        }
        unsent.releaseIfEmpty(to: &pool)
        return .done
    }

    /// Frees the TLS record buffers of a connection that is idle.
    mutating func freeIdleBuffers() { session?.freeBuffers() }

    /// Says goodbye as far as the socket takes it, and closes it.
    mutating func close(stage: WireStage, pool: inout BufferPool) {
        if isEstablished && unsent.isEmpty && !peerEnded { closeSession(stage, pool: &pool) }
        stage.clearOutput()
        unsent.release(to: &pool)
        Socket.close(socket)
    }

    /// Sends `close_notify`, and ends our sending direction when everything is out.
    mutating func sayGoodbye(stage: WireStage, pool: inout BufferPool) {
        closeSession(stage, pool: &pool)
        if unsent.isEmpty { Socket.shutdownWrite(socket) }
    }

    private mutating func closeSession(_ stage: WireStage, pool: inout BufferPool) {
        guard isTLS && !hasSaidGoodbye else { return }
        hasSaidGoodbye = true
        stage.take(socket: socket, canRead: false, peerEnded: peerEnded)
        session?.close()
        _ = flushStage(stage, pool: &pool)
    }

    /// Closes so that the peer sees that the message was cut off.
    mutating func abort(stage: WireStage, pool: inout BufferPool) {
        stage.clearOutput()
        unsent.release(to: &pool)
        Socket.reset(socket)
    }

    /// Puts `source` into the stage as records.
    @inline(__always)
    private mutating func encrypt(_ source: UnsafeRawBufferPointer, _ stage: WireStage) -> Bool {
        stage.take(socket: socket, canRead: canRead, peerEnded: peerEnded)
        if unsafe session?.write(source) == true { return true }
        stage.clearOutput()
        return false
    }

    /// Sends what OpenSSL left in the stage.
    @inline(__always)
    private mutating func flushStage(_ stage: WireStage, pool: inout BufferPool) -> Progress {
        let output = unsafe stage.output
        guard stage.hasOutput else { return unsent.isEmpty ? .done : .blocked }
        let progress = unsafe send(output, pool: &pool)
        stage.clearOutput()
        return progress
    }

    /// Hands bytes to the socket and keeps what it does not take.
    @inline(__always)
    private mutating func send(
        _ source: UnsafeRawBufferPointer,
        pool: inout BufferPool
    ) -> Progress {
        guard unsent.isEmpty && canWrite else { return unsafe keep(source, pool: &pool) }
        switch unsafe Socket.send(socket, source) {
        case .bytes(let count):
            if count == source.count { return .done }
            canWrite = false
            let rest = unsafe UnsafeRawBufferPointer(rebasing: source.dropFirst(count))
            return unsafe keep(rest, pool: &pool)
        case .wouldBlock:
            canWrite = false
            return unsafe keep(source, pool: &pool)
        case .ended, .failed: return .failed
        }
    }

    @inline(never)
    private mutating func keep(
        _ rest: UnsafeRawBufferPointer,
        pool: inout BufferPool
    ) -> Progress {
        unsent.append(unsafe Span<UInt8>(_bytes: rest.bytes), pool: &pool) ? .blocked : .failed
    }
}
