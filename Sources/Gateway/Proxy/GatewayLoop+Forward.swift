import HTTP

extension GatewayLoop {
    /// Sends an admitted request on its way.
    mutating func forward(
        _ key: ClientKey,
        _ ticket: consuming ForwardingTicket,
        headBytes: Int
    ) {
        let slot = key.slot
        outbound.removeAll()
        clients[slot].writeForwarded(
            headBytes,
            framing: gate.head.framing,
            gate: &gate,
            to: &outbound
        )
        guard !outbound.overflowed else {
            refuse(key, .headersTooLarge, headBytes: headBytes)
            return
        }
        tapRequest(slot)
        clients[slot].input.consume(headBytes)
        clients[slot].input.releaseIfEmpty(to: &buffers)
        clients[slot].exchange.isRepeatable =
            clients[slot].exchange.method.isIdempotent && clients[slot].exchange.body.isComplete
        clients[slot].exchange.ticket = consume ticket
        setDeadline(key, .upstream)
        sendCommitted(key)
    }

    /// Sends the head in `outbound` over a connection of the pool, or begins to make one.
    mutating func sendRequest(_ key: ClientKey) {
        let attemptsMax = attemptsMax(key)
        while clients[key.slot].exchange.attempts < attemptsMax {
            clients[key.slot].exchange.attempts += 1
            switch checkout(key) {
            case .unavailable:
                refuseLate(key, .upstreamUnavailable)
                return
            case .idle(let upstream):
                if sendHead(key, over: upstream) { return }
            case .connect(let server):
                if connect(key, server) { return }
            }
        }
        refuseLate(key, .upstreamUnreachable)
    }

    @inline(__always)
    private mutating func checkout(_ key: ClientKey) -> UpstreamPool.Checkout {
        guard let upstream = upstreamIndex(key),
            let ticket = clients[key.slot].exchange.ticket.take()
        else { return .unavailable }
        if clients[key.slot].exchange.attempts == 1 { metrics.upstreamRequests[upstream] += 1 }
        let found = pool.checkout(ticket, upstream: upstream, now: now.milliseconds)
        clients[key.slot].exchange.ticket = consume ticket
        return found
    }

    /// Sends the head over a kept-alive connection; false when that has died.
    @inline(__always)
    private mutating func sendHead(_ key: ClientKey, over upstream: UpstreamKey) -> Bool {
        let slot = upstream.slot
        upstreams[slot].phase = .exchanging
        upstreams[slot].beginExchange(for: key)
        upstreams[slot].isReused = true
        let progress = upstreams[slot].transport.write(
            unsafe outbound.unowned,
            stage: stage,
            pool: &buffers
        )
        guard progress != .failed else {
            countUpstreamFailure(key, .upstreamUnreachable)
            closeUpstream(upstream)
            return false
        }
        clients[key.slot].exchange.upstream = upstream
        metrics.upstreamReuses[pool.servers[upstreams[slot].server].upstream] += 1
        if clients[key.slot].exchange.isRepeatable {
            _ = upstreams[slot].replay.append(unsafe outbound.unowned, pool: &buffers)
        }
        awaitAnswer(upstream)
        if !clients[key.slot].exchange.body.isComplete { pumpBody(key) }
        return true
    }

    /// Begins a new connection; false when the system refuses at once.
    private mutating func connect(_ key: ClientKey, _ server: Int) -> Bool {
        guard let upstream = openUpstream(server) else {
            countUpstreamFailure(key, .upstreamUnreachable)
            pool.rest(server: server, now: now.milliseconds)
            return false
        }
        upstreams[upstream.slot].beginExchange(for: key)
        clients[key.slot].exchange.upstream = upstream
        guard upstreams[upstream.slot].replay.append(unsafe outbound.unowned, pool: &buffers) else {
            closeUpstream(upstream)
            return false
        }
        let limit = upstreamRuntime(key).connectTimeoutMilliseconds
        upstreamDeadlines.set(upstream.slot, at: now.milliseconds + limit)
        return true
    }

    private mutating func openUpstream(_ server: Int) -> UpstreamKey? {
        let runtime = pool.servers[server].runtime
        let descriptor: FileDescriptor
        do throws(Errno) {
            descriptor = try Socket.connect(to: pool.address(ofServer: server))
        } catch {
            return nil
        }
        let session = session(runtime, descriptor.number)
        // Never in the clear to a server that is to be spoken to over TLS.
        if runtime.tls != nil && session == nil { return nil }
        let socket = descriptor.release()
        var transport = Transport(socket: socket, session: session)
        transport.canRead = false
        transport.canWrite = false
        let connection = UpstreamConnection(
            transport: transport,
            phase: .connecting,
            server: server
        )
        guard let key = upstreams.insert(connection) else {
            Socket.close(socket)
            return nil
        }
        let token = EventToken(.upstream, slot: key.slot, generation: key.generation)
        do throws(Errno) {
            try epoll.add(socket, interest: .edges, token: token.rawValue)
        } catch {
            closeUpstream(key)
            return nil
        }
        return key
    }

    private func session(_ server: UpstreamServer, _ socket: Int32) -> TLSSession? {
        guard let context = server.tls else { return nil }
        return unsafe TLSSession(
            owning: context.makeClientSession(host: server.host, fd: socket),
            stage: stage
        )
    }

    /// Sends a request again whose kept-alive connection died before any byte of an answer.
    ///
    /// - Returns: False when it must not be sent again.
    mutating func sendAgain(_ key: ClientKey, after upstream: UpstreamKey) -> Bool {
        guard clients[key.slot].exchange.isRepeatable,
            upstreams[upstream.slot].isReused,
            !upstreams[upstream.slot].hasAnswered,
            !clients[key.slot].exchange.wasRepeated,
            clients[key.slot].exchange.snapshot === snapshot,
            !upstreams[upstream.slot].replay.isEmpty
        else { return false }
        clients[key.slot].exchange.wasRepeated = true
        takeReplay(of: upstream)
        closeUpstream(upstream)
        sendRequest(key)
        return true
    }

    /// Tries another server for a request whose connection was never made.
    ///
    /// One that did not answer in time is not asked again by the same request.
    mutating func connectElsewhere(
        _ key: ClientKey,
        after upstream: UpstreamKey,
        _ fault: Refusal
    ) -> Bool {
        guard fault == .upstreamUnreachable || upstreamRuntime(key).servers.count > 1,
            clients[key.slot].exchange.attempts < attemptsMax(key),
            clients[key.slot].exchange.snapshot === snapshot
        else { return false }
        takeReplay(of: upstream)
        closeUpstream(upstream)
        sendRequest(key)
        return true
    }

    private mutating func takeReplay(of upstream: UpstreamKey) {
        outbound.removeAll()
        outbound.append(unsafe upstreams[upstream.slot].replay.unowned)
    }

    /// How many connections may be tried for a request: every server has its turn.
    private func attemptsMax(_ key: ClientKey) -> Int {
        max(UpstreamPool.attemptsMin, upstreamRuntime(key).servers.count)
    }

    /// The upstream of the request in hand among those of the configuration in use; `nil` when
    /// that has it no more.
    ///
    /// The configuration may be another by the time that a held body is whole.
    @inline(__always)
    private func upstreamIndex(_ key: ClientKey) -> Int? {
        guard let admitted = clients[key.slot].exchange.snapshot else { return nil }
        let index = admitted.tenants[clients[key.slot].exchange.tenant].upstream
        guard admitted !== snapshot else { return index }
        let name = admitted.upstreams[index].name
        return snapshot.upstreams.firstIndex { $0.name == name }
    }

    /// The upstream of the request in hand, as it was when the request was admitted.
    func upstreamRuntime(_ key: ClientKey) -> UpstreamRuntime {
        let admitted = clients[key.slot].exchange.snapshot ?? snapshot
        return admitted.upstreams[admitted.tenants[clients[key.slot].exchange.tenant].upstream]
    }

    /// Waits for the answer from now on.
    @inline(__always)
    mutating func awaitAnswer(_ key: UpstreamKey) {
        guard let client = upstreams[key.slot].client else { return }
        let limit = upstreamRuntime(client).responseTimeoutMilliseconds
        upstreamDeadlines.set(key.slot, at: now.milliseconds + limit)
    }
}

extension Method {
    /// Whether sending a request twice does what sending it once does, RFC 9110 section 9.2.2.
    @inline(__always)
    var isIdempotent: Bool {
        switch self {
        case .get, .head, .options, .put, .delete: true
        case .post, .patch, .trace, .connect, .other: false
        }
    }
}
