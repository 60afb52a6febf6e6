import HTTP

extension GatewayLoop {
    /// Serves an upstream connection whose socket has become ready.
    mutating func upstreamReady(_ key: UpstreamKey, _ readiness: Epoll.Interest) {
        let slot = key.slot
        switch upstreams[slot].phase {
        case .idle:
            // Room to write is no news; anything to read is an end or out of turn.
            if readiness != .write { closeUpstream(key) }
        case .connecting: finishConnecting(key)
        case .handshaking: goOnHandshaking(key)
        case .exchanging:
            if upstreams[slot].transport.hasUnsent && upstreams[slot].transport.canWrite {
                flushUpstream(key)
            }
            guard upstreams.contains(key) else { return }
            if upstreams[slot].transport.canRead { relayAnswer(key) }
        }
    }

    private mutating func flushUpstream(_ key: UpstreamKey) {
        let slot = key.slot
        switch upstreams[slot].transport.flush(pool: &buffers) {
        case .failed: stopSending(key)
        case .blocked: awaitAnswer(key)
        case .done:
            awaitAnswer(key)
            if let client = upstreams[slot].client { pumpBody(client) }
        }
    }

    private mutating func finishConnecting(_ key: UpstreamKey) {
        let slot = key.slot
        let socket = upstreams[slot].transport.socket
        if Socket.connectFailure(of: socket) != nil || upstreams[slot].transport.peerEnded {
            upstreamFailed(key, .upstreamUnreachable)
            return
        }
        guard upstreams[slot].transport.canWrite else { return }
        let upstream = pool.servers[upstreams[slot].server].upstream
        if upstream >= 0 { metrics.upstreamConnects[upstream] += 1 }
        if upstreams[slot].transport.isTLS {
            upstreams[slot].phase = .handshaking
            upstreams[slot].transport.canRead = true
            goOnHandshaking(key)
        } else {
            sendFirst(key)
        }
    }

    private mutating func goOnHandshaking(_ key: UpstreamKey) {
        let slot = key.slot
        switch upstreams[slot].transport.handshake(stage: stage, pool: &buffers) {
        case .done: sendFirst(key)
        case .blocked: break
        case .failed: upstreamFailed(key, .upstreamUnreachable)
        }
    }

    /// Sends the head that waited for the connection.
    private mutating func sendFirst(_ key: UpstreamKey) {
        let slot = key.slot
        upstreams[slot].phase = .exchanging
        outbound.removeAll()
        outbound.append(unsafe upstreams[slot].replay.unowned)
        upstreams[slot].replay.release(to: &buffers)
        let progress = upstreams[slot].transport.write(
            unsafe outbound.unowned,
            stage: stage,
            pool: &buffers
        )
        guard progress != .failed else {
            upstreamFailed(key, .upstreamUnreachable)
            return
        }
        awaitAnswer(key)
        if let client = upstreams[slot].client { pumpBody(client) }
        guard upstreams.contains(key), upstreams[slot].transport.canRead else { return }
        relayAnswer(key)
    }

    /// The upstream takes no more of the request; it may still answer.
    mutating func stopSending(_ key: UpstreamKey) {
        guard let client = upstreams[key.slot].client else {
            closeUpstream(key)
            return
        }
        upstreams[key.slot].staysOpen = false
        if !clients[client.slot].exchange.body.isComplete {
            if !clients[client.slot].exchange.body.isReceived {
                clients[client.slot].closesAfterAnswer = true
            }
            clients[client.slot].exchange.body = .complete
            if clients[client.slot].tap.close(pool: &buffers) { tapsCount -= 1 }
            setDeadline(client, .upstream)
        }
        upstreams[key.slot].transport.canRead = true
        relayAnswer(key)
    }

    /// The upstream's stream has ended.
    mutating func upstreamEnded(_ key: UpstreamKey) {
        let slot = key.slot
        guard let client = upstreams[slot].client else {
            closeUpstream(key)
            return
        }
        if upstreams[slot].isInBody {
            if upstreams[slot].body == .untilClose {
                upstreams[slot].body = .complete
                outbound.removeAll()
                if clients[client.slot].exchange.framing == .chunked {
                    outbound.append("0\r\n\r\n")
                }
                completeAnswer(key, client)
            } else {
                upstreamFailed(key, .upstreamAborted)
            }
        } else if upstreams[slot].hasAnswered {
            upstreamFailed(key, .upstreamProtocol)
        } else {
            upstreamFailed(key, .upstreamUnreachable)
        }
    }

    /// The upstream cannot be reached, broke off, or let a deadline pass.
    mutating func upstreamFailed(_ key: UpstreamKey, _ fault: Refusal) {
        let slot = key.slot
        guard let client = upstreams[slot].client, clients.contains(client) else {
            closeUpstream(key)
            return
        }
        countUpstreamFailure(client, fault)
        if upstreams[slot].phase == .exchanging {
            if fault == .upstreamUnreachable, sendAgain(client, after: key) { return }
        } else {
            pool.rest(server: upstreams[slot].server, now: now.milliseconds)
            if connectElsewhere(client, after: key, fault) { return }
        }
        closeUpstream(key)
        if clients[client.slot].exchange.status == 0 {
            refuseLate(client, fault)
            advance(client)
        } else {
            finish(client, fault: fault == .upstreamTimeout ? fault : .upstreamAborted)
            drop(client, aborting: true)
        }
    }

    mutating func countUpstreamFailure(_ key: ClientKey, _ fault: Refusal) {
        guard clients[key.slot].exchange.snapshot === snapshot else { return }
        let upstream = snapshot.tenants[clients[key.slot].exchange.tenant].upstream
        metrics.upstreamFailures[upstream][Int(fault.rawValue)] += 1
    }

    /// Refuses a request whose head is no longer at hand.
    mutating func refuseLate(_ key: ClientKey, _ refusal: Refusal) {
        let slot = key.slot
        if !clients[slot].exchange.body.isReceived { clients[slot].closesAfterAnswer = true }
        metrics.countRefusal(refusal)
        refusals.add(clients[slot].refused(refusal, gate: gate, snapshot, now))
        finish(key, fault: refusal, status: refusal.status)
        outbound.removeAll()
        clients[slot].writeRefusal(
            refusal,
            headBytes: 0,
            gate: gate,
            date: now.date,
            body: &scratch,
            to: &outbound
        )
        answerIsWritten(key)
    }

    /// Gives an upstream connection back after a complete answer.
    @inline(__always)
    mutating func releaseUpstream(_ key: UpstreamKey) {
        let slot = key.slot
        let isClean =
            upstreams[slot].staysOpen && upstreams[slot].input.isEmpty
            && !upstreams[slot].transport.hasUnsent && !upstreams[slot].transport.hasPending
            && !upstreams[slot].transport.peerEnded
        guard isClean, pool.keep(key, server: upstreams[slot].server) else {
            closeUpstream(key)
            return
        }
        upstreams[slot].phase = .idle
        upstreams[slot].client = nil
        if upstreams[slot].tap.close(pool: &buffers) { tapsCount -= 1 }
        upstreams[slot].input.release(to: &buffers)
        upstreams[slot].replay.release(to: &buffers)
        upstreamDeadlines.set(slot, at: now.milliseconds + UpstreamPool.idleMilliseconds)
    }

    /// Closes an upstream connection.
    mutating func closeUpstream(_ key: UpstreamKey) {
        guard var upstream = upstreams.remove(key) else { return }
        upstreamDeadlines.clear(key.slot)
        if upstream.phase == .idle { pool.forget(key, server: upstream.server) }
        if let client = upstream.client, clients.contains(client),
            clients[client.slot].exchange.upstream == key
        {
            clients[client.slot].exchange.upstream = nil
        }
        upstream.input.release(to: &buffers)
        upstream.replay.release(to: &buffers)
        if upstream.tap.close(pool: &buffers) { tapsCount -= 1 }
        upstream.transport.close(stage: stage, pool: &buffers)
    }
}
