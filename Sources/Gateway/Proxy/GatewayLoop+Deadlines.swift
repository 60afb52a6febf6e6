import HTTP

extension GatewayLoop {
    /// Says what a client is waited for, and until when.
    @inline(__always)
    mutating func setDeadline(_ key: ClientKey, _ wait: ClientConnection.Wait) {
        clients[key.slot].wait = wait
        let limits = snapshot.limits
        let milliseconds: Int64 =
            switch wait {
            case .handshake, .head: Int64(limits.headerTimeoutMilliseconds)
            case .quiet: min(Self.quietMilliseconds, Int64(limits.idleTimeoutMilliseconds))
            case .idle:
                max(0, Int64(limits.idleTimeoutMilliseconds) - Self.quietMilliseconds)
            case .identity: Self.identityMilliseconds
            case .body, .sending: Int64(limits.bodyTimeoutMilliseconds)
            case .upstream: Deadlines.never
            case .lingering: ClientConnection.lingerMilliseconds
            }
        if milliseconds == Deadlines.never {
            clientDeadlines.clear(key.slot)
        } else {
            clientDeadlines.set(key.slot, at: now.milliseconds + milliseconds)
        }
    }

    mutating func clientDeadlinePassed(_ key: ClientKey) {
        switch clients[key.slot].wait {
        case .quiet:
            clients[key.slot].transport.freeIdleBuffers()
            setDeadline(key, .idle)
        case .handshake:
            metrics.handshakeFailures += 1
            drop(key)
        case .idle, .lingering: drop(key)
        case .head:
            if clients[key.slot].scanner.isAtStart {
                drop(key)
            } else {
                refuseUnread(key, .requestTimeout)
                advance(key)
            }
        case .body: bodyTimedOut(key)
        case .identity: identityTimedOut(key)
        case .sending: sendingTimedOut(key)
        case .upstream: break
        }
    }

    /// A client that takes bytes, however slowly, is waited for; one that takes none is not.
    private mutating func sendingTimedOut(_ key: ClientKey) {
        let outstanding = Socket.outstandingBytes(of: clients[key.slot].transport.socket)
        guard outstanding < clients[key.slot].outstandingBytes else {
            clientFailed(key, .clientTimeout)
            return
        }
        clients[key.slot].outstandingBytes = outstanding
        setDeadline(key, .sending)
    }

    mutating func upstreamDeadlinePassed(_ key: UpstreamKey) {
        switch upstreams[key.slot].phase {
        case .idle: closeUpstream(key)
        case .connecting, .handshaking, .exchanging: upstreamFailed(key, .upstreamTimeout)
        }
    }
}
