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
                refuseUnfinished(key)
                advance(key)
            }
        case .body: bodyTimedOut(key)
        case .sending: clientFailed(key, .clientTimeout)
        case .upstream: break
        }
    }

    mutating func upstreamDeadlinePassed(_ key: UpstreamKey) {
        switch upstreams[key.slot].phase {
        case .idle: closeUpstream(key)
        case .connecting, .handshaking, .exchanging: upstreamFailed(key, .upstreamTimeout)
        }
    }
}
