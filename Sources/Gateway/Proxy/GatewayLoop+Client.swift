import HTTP
import Policy

typealias ClientKey = Slab<ClientConnection>.Key
typealias UpstreamKey = Slab<UpstreamConnection>.Key

extension GatewayLoop {
    /// How long a connection keeps its TLS record buffers after an answer.
    static let quietMilliseconds: Int64 = 400

    /// Serves a client whose socket has become ready.
    mutating func clientReady(_ key: ClientKey) {
        let slot = key.slot
        if clients[slot].transport.hasUnsent && clients[slot].transport.canWrite {
            guard clients[slot].transport.flush(pool: &buffers) != .failed else {
                return clientFailed(key, .clientClosed)
            }
            clients[slot].outstandingBytes = .max
            if !clients[slot].transport.hasUnsent {
                clientDrained(key)
            } else if clients[slot].wait == .sending {
                setDeadline(key, .sending)
            }
            guard clients.contains(key) else { return }
        }
        advance(key)
    }

    /// Goes on with a client until it needs something that is not there yet.
    mutating func advance(_ key: ClientKey) {
        while clients.contains(key) {
            let goesOn =
                switch clients[key.slot].phase {
                case .handshaking: goOnHandshaking(key)
                case .readingHead: readHead(key)
                case .exchanging: goOnExchanging(key)
                case .lingering: linger(key)
                case .waiting: false
                }
            guard goesOn else { return }
        }
    }

    private mutating func goOnHandshaking(_ key: ClientKey) -> Bool {
        let slot = key.slot
        guard clients[slot].transport.canRead else { return false }
        switch clients[slot].transport.handshake(stage: stage, pool: &buffers) {
        case .done:
            clients[slot].handshakeEnded()
            setDeadline(key, .head)
            return true
        case .blocked: return false
        case .failed:
            metrics.handshakeFailures += 1
            drop(key)
            return false
        }
    }

    /// Reads until a head is complete and begins its exchange.
    ///
    /// - Returns: Whether there is more to do at once.
    @inline(__always)
    private mutating func readHead(_ key: ClientKey) -> Bool {
        let slot = key.slot
        // An answer that the client has not taken yet holds the next request back.
        guard !clients[slot].transport.hasUnsent else { return false }
        while true {
            if !clients[slot].input.isEmpty {
                if beginWhole(key) { return true }
                do throws(HeadFailure) {
                    if let length = try scanHead(slot) {
                        beginExchange(key, headBytes: length)
                        return true
                    }
                    if clients[slot].wait.isBetweenRequests { setDeadline(key, .head) }
                } catch {
                    refuseUnread(key, Refusal(error))
                    return true
                }
            }
            switch readClient(slot) {
            case .bytes: continue
            case .wouldBlock:
                clients[slot].input.releaseIfEmpty(to: &buffers)
                return false
            case .ended, .failed:
                drop(key)
                return false
            }
        }
    }

    /// Begins the exchange of a buffer that holds one head and nothing else, as most do.
    ///
    /// It spares a look at each byte. A buffer that ends like a head and is none, or holds more than
    /// one, does not parse as one; the scanner then says what it is.
    @inline(__always)
    private mutating func beginWhole(_ key: ClientKey) -> Bool {
        let slot = key.slot
        guard clients[slot].endsWithEmptyLine else { return false }
        let count = clients[slot].input.count
        clients[slot].beginExchange(snapshot, now)
        do throws(HeadFailure) {
            try clients[slot].read(count, through: &gate, now)
        } catch {
            clients[slot].phase = .readingHead
            return false
        }
        decideExchange(key, headBytes: count)
        return true
    }

    @inline(__always)
    private mutating func scanHead(_ slot: UInt32) throws(HeadFailure) -> Int? {
        var scanner = clients[slot].scanner
        let length = try scanner.scan(
            unsafe clients[slot].input.unowned,
            limits: snapshot.headLimits
        )
        clients[slot].scanner = scanner
        return length
    }

    /// Reads what has arrived behind what waits already.
    @inline(__always)
    mutating func readClient(_ slot: UInt32) -> Transport.Reading {
        guard clients[slot].transport.canRead || clients[slot].transport.hasPending else {
            return .wouldBlock
        }
        let room = unsafe clients[slot].input.room(from: &buffers)
        let result = unsafe clients[slot].transport.read(into: room, stage: stage, pool: &buffers)
        if case .bytes(let count) = result { clients[slot].input.filled(count) }
        return result
    }

    /// Throws away what still comes after the last answer, so that the peer can read that answer
    /// instead of a reset.
    private mutating func linger(_ key: ClientKey) -> Bool {
        let slot = key.slot
        while true {
            clients[slot].input.release(to: &buffers)
            switch readClient(slot) {
            case .bytes(let count):
                clients[slot].lingered += count
                guard clients[slot].lingered <= ClientConnection.lingerBytesMax else {
                    drop(key)
                    return false
                }
            case .wouldBlock:
                clients[slot].input.release(to: &buffers)
                return false
            case .ended, .failed:
                drop(key)
                return false
            }
        }
    }

    /// Everything that waited for the client is out.
    private mutating func clientDrained(_ key: ClientKey) {
        let slot = key.slot
        switch clients[slot].phase {
        case .exchanging:
            if !clients[slot].rest.isEmpty {
                sendRest(key, after: .done)
                return
            }
            guard let upstream = clients[slot].exchange.upstream else { return }
            setDeadline(key, .upstream)
            awaitAnswer(upstream)
            relayAnswer(upstream)
        case .lingering: sayGoodbye(key)
        case .readingHead:
            if clients[slot].closesAfterAnswer { drop(key) } else { setDeadline(key, .quiet) }
        case .handshaking, .waiting: break
        }
    }

    /// Ends a connection after its last answer.
    ///
    /// One that has nothing more to say is closed at once; one whose bytes we did not read would
    /// be reset by that, and the peer could lose the answer.
    mutating func beginLingering(_ key: ClientKey) {
        let slot = key.slot
        let hasSaidAll =
            !clients[slot].transport.hasUnsent && !clients[slot].transport.canRead
            && !clients[slot].transport.hasPending
            && clients[slot].input.isEmpty && clients[slot].exchange.body.isReceived
        if hasSaidAll {
            drop(key)
            return
        }
        clients[slot].phase = .lingering
        setDeadline(key, .lingering)
        if !clients[slot].transport.hasUnsent { sayGoodbye(key) }
    }

    private mutating func sayGoodbye(_ key: ClientKey) {
        let slot = key.slot
        clients[slot].transport.sayGoodbye(stage: stage, pool: &buffers)
        // A peer that has read everything we know of needs no lingering.
        if clients[slot].transport.peerEnded { drop(key) }
    }

    /// The client broke its connection or let a deadline pass.
    mutating func clientFailed(_ key: ClientKey, _ fault: Refusal) {
        if clients[key.slot].phase == .exchanging { finish(key, fault: fault) }
        drop(key, aborting: true)
    }

    /// Closes a client's connection and whatever was under way for it.
    mutating func drop(_ key: ClientKey, aborting: Bool = false) {
        guard clients.contains(key) else { return }
        if let upstream = clients[key.slot].exchange.upstream { closeUpstream(upstream) }
        if clients[key.slot].phase == .exchanging { finish(key, fault: .clientClosed) }
        releaseHeld(key.slot)
        guard var client = clients.remove(key) else { return }
        clientDeadlines.clear(key.slot)
        client.input.release(to: &buffers)
        if client.tap.close(pool: &buffers) { tapsCount -= 1 }
        client.uncommitted.release(to: &buffers)
        if aborting {
            client.transport.abort(stage: stage, pool: &buffers)
        } else {
            client.transport.close(stage: stage, pool: &buffers)
        }
        census.leave(client.address)
    }
}

extension ClientConnection {
    /// Requests may come; who the client is by its certificate is known from here on.
    fileprivate mutating func handshakeEnded() {
        phase = .readingHead
        guard wasAsked, let digest = transport.peerCertificateDigest else { return }
        certificate = Thumbprint(digest: digest.span)
    }
}

extension ClientConnection.Wait {
    /// Whether no byte of a request has arrived yet.
    @inline(__always) var isBetweenRequests: Bool { self == .quiet || self == .idle }
}
