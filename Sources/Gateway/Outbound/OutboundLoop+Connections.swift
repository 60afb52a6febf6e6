extension OutboundLoop {
    /// Begins a connection.
    mutating func makeConnection(
        to address: SocketAddress,
        for key: CallKey
    ) throws(OutboundFailure) -> ConnectionKey {
        let origin = calls[key.slot].origin
        let socket: Int32
        do throws(Errno) {
            socket = try Socket.connect(to: address).release()
        } catch { throw .connection(error.description) }
        var session: TLSSession?
        if let context = calls[key.slot].server?.context {
            session = unsafe TLSSession(
                owning: context.makeClientSession(host: origin.host, fd: socket),
                stage: stage
            )
        }
        // Without a session there would be no TLS.
        guard !origin.isTLS || session != nil else {
            Socket.close(socket)
            throw .tls("no memory for a session")
        }
        var transport = Transport(socket: socket, session: session)
        transport.canRead = false
        transport.canWrite = false
        var connection = OutboundConnection(origin: origin, transport: transport, madeAt: now)
        connection.call = key
        guard let made = connections.insert(connection) else {
            Socket.close(socket)
            throw .busy
        }
        do throws(Errno) {
            let token = EventToken(.upstream, slot: made.slot, generation: made.generation)
            try epoll.add(socket, interest: .edges, token: token.rawValue)
        } catch {
            close(made)
            throw .connection(error.description)
        }
        return made
    }

    /// Serves a connection whose socket has become ready.
    mutating func connectionReady(_ key: ConnectionKey, _ readiness: Epoll.Interest) {
        switch connections[key.slot].phase {
        case .connecting: finishConnecting(key)
        case .handshaking: handshake(key)
        case .exchanging: goOn(key)
        case .idle:
            // Room to write is no news; anything to read is an end or out of turn.
            if readiness != .write { close(key) }
        }
    }

    private mutating func finishConnecting(_ key: ConnectionKey) {
        let slot = key.slot
        if let error = Socket.connectFailure(of: connections[slot].transport.socket) {
            return attemptFailed(key, .connection(error.description))
        }
        guard connections[slot].transport.canWrite else { return }
        connections[slot].transport.canRead = true
        connections[slot].phase = .handshaking
        handshake(key)
    }

    private mutating func handshake(_ key: ConnectionKey) {
        let slot = key.slot
        switch connections[slot].transport.handshake(stage: stage, pool: &buffers) {
        case .blocked: break
        case .done:
            guard let call = connections[slot].call, calls.contains(call) else {
                return close(key)
            }
            serve(call, over: key)
        case .failed:
            let trouble = connections[slot].transport.certificateTrouble
            attemptFailed(key, .tls(trouble ?? "the handshake failed"))
        }
    }

    /// Tries the next address after one that could not be reached in its share of the time.
    ///
    /// A server that was reached and does not show the right certificate ends the request.
    private mutating func attemptFailed(_ key: ConnectionKey, _ failure: OutboundFailure) {
        let call = connections[key.slot].call
        close(key)
        guard let call, calls.contains(call) else { return }
        calls[call.slot].connection = nil
        if case .tls = failure { return finish(call, .failure(failure)) }
        calls[call.slot].trouble = failure
        connect(call)
    }

    /// A connection was not made in time, or has been idle for long enough.
    mutating func connectionDeadlinePassed(_ key: ConnectionKey) {
        switch connections[key.slot].phase {
        case .connecting, .handshaking: attemptFailed(key, .timeout)
        case .exchanging: break
        case .idle: close(key)
        }
    }

    /// Sends what the socket takes of the request, and reads what there is of the answer.
    mutating func goOn(_ key: ConnectionKey) {
        send(key)
        while connections.contains(key), connections[key.slot].phase == .exchanging {
            guard readSome(key) else { return }
        }
    }

    private mutating func send(_ key: ConnectionKey) {
        let slot = key.slot
        guard !connections[slot].isDeaf else { return }
        var progress = connections[slot].transport.flush(pool: &buffers)
        while progress == .done, !connections[slot].unsent.isEmpty {
            let piece = Array(connections[slot].unsent.prefix(Self.writeBytesMax))
            connections[slot].unsent.removeFirst(piece.count)
            progress = connections[slot].transport.write(
                piece.span,
                stage: stage,
                pool: &buffers
            )
        }
        guard progress == .failed else { return }
        // An answer may have come before.
        connections[slot].isDeaf = true
        connections[slot].transport.canRead = true
    }

    /// Reads once; false when there is nothing more for now.
    private mutating func readSome(_ key: ConnectionKey) -> Bool {
        let slot = key.slot
        guard let call = connections[slot].call, calls.contains(call) else {
            close(key)
            return false
        }
        let reading = unsafe connections[slot].transport.read(
            into: input.room(from: &buffers),
            stage: stage,
            pool: &buffers
        )
        do throws(OutboundFailure) {
            switch reading {
            case .wouldBlock: return false
            case .failed: throw .connection("closed before the answer was complete")
            case .ended: act(try calls[call.slot].exchange.ended(), call, key)
            case .bytes(let count):
                connections[slot].hasAnswered = true
                act(try take(count, for: call), call, key)
            }
        } catch { exchangeFailed(call, key, error) }
        return true
    }

    /// Gives what was read to the exchange; afterwards the buffer is empty.
    private mutating func take(
        _ count: Int,
        for call: CallKey
    ) throws(OutboundFailure) -> OutboundExchange.Step {
        input.filled(count)
        defer { input.consume(count) }
        return try calls[call.slot].exchange.received(unsafe input.unowned)
    }

    /// Takes a connection back after a complete answer.
    mutating func release(_ key: ConnectionKey, staysOpen: Bool) {
        let slot = key.slot
        connections[slot].call = nil
        guard staysOpen, connections[slot].isClean(at: now),
            pool.keep(key, connections[slot].origin)
        else { return close(key) }
        connections[slot].phase = .idle
        connectionDeadlines.set(slot, at: now + OutboundPool.idleMilliseconds)
    }

    /// Closes a connection.
    mutating func close(_ key: ConnectionKey) {
        guard var connection = connections.remove(key) else { return }
        connectionDeadlines.clear(key.slot)
        pool.forget(key, connection.origin)
        connection.transport.close(stage: stage, pool: &buffers)
    }
}
