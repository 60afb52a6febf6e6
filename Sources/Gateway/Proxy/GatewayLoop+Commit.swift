import HTTP

/// `durability power`: one wait for the disk serves all requests of a loop's turn.
extension GatewayLoop {
    /// Sends the head in `outbound` once the START of its request is as safe as was asked for: at
    /// once, or at the end of the turn.
    @inline(__always)
    mutating func sendCommitted(_ key: ClientKey) {
        if journal.commits { awaitCommit(key) } else { sendRequest(key) }
    }

    @inline(never)
    private mutating func awaitCommit(_ key: ClientKey) {
        guard clients[key.slot].uncommitted.append(unsafe outbound.unowned, pool: &buffers) else {
            refuseLate(key, .headersTooLarge)
            return
        }
        uncommitted.append(key)
    }

    /// Waits for the disk and lets the requests of this turn go on.
    @inline(__always)
    mutating func commit() {
        while !uncommitted.isEmpty { commitAll() }
    }

    private mutating func commitAll() {
        let isOnDisk = journal.commit(now)
        let count = uncommitted.count
        for index in 0..<count { goOn(uncommitted[index], isOnDisk: isOnDisk) }
        uncommitted.removeFirst(count)
    }

    private mutating func goOn(_ key: ClientKey, isOnDisk: Bool) {
        guard clients.contains(key), clients[key.slot].phase == .exchanging,
            !clients[key.slot].uncommitted.isEmpty
        else { return }
        let slot = key.slot
        outbound.removeAll()
        outbound.append(unsafe clients[slot].uncommitted.unowned)
        clients[slot].uncommitted.release(to: &buffers)
        if isOnDisk || snapshot.configuration.analytics.onFailure == .open {
            sendRequest(key)
        } else {
            refuseLate(key, .journalUnavailable)
        }
        if clients.contains(key) { advance(key) }
    }
}
