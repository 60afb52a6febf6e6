import Synchronization

extension GatewayRuntime {
    /// Looks the names of upstream servers up again and tells the loops when one has moved.
    func lookUpAgain() {
        reloading.withLock { _ in
            let snapshot = state.withLock { $0.snapshot }
            let upstreams = snapshot.upstreams.map { $0.lookedUpAgain() }
            let hasMoved = zip(upstreams, snapshot.upstreams).contains { $0 !== $1 }
            guard hasMoved else { return }
            let moved = snapshot.with(upstreams: upstreams)
            let (identities, epoch) = state.withLock { state in
                state.snapshot = moved
                return (state.identities, state.epoch)
            }
            for loop in loops {
                loop.mailbox.post(.adopt(moved, identities: identities, epoch: epoch))
            }
        }
    }
}

extension UpstreamRuntime {
    /// The same upstream when every name means what it meant, else a new one.
    ///
    /// A name that cannot be looked up now keeps the addresses it had.
    fileprivate func lookedUpAgain() -> UpstreamRuntime {
        var hasMoved = false
        let servers = servers.map { server in
            let found = SocketAddress.resolve(host: server.host, port: server.port)
            guard !found.isEmpty, found.map(\.key) != server.addresses.map(\.key) else {
                return server
            }
            hasMoved = true
            return server.with(addresses: found)
        }
        return hasMoved ? with(servers: servers) : self
    }
}
