import Synchronization

extension GatewayRuntime {
    /// Looks the names of upstream servers up again and tells the loops when one has moved.
    ///
    /// It blocks on the resolver, so it runs on a thread that nobody waits for.
    func lookUpAgain() {
        let snapshot = state.withLock { $0.snapshot }
        let upstreams = snapshot.upstreams.map { $0.lookedUpAgain() }
        guard zip(upstreams, snapshot.upstreams).contains(where: { $0 !== $1 }) else { return }
        let moved = snapshot.with(upstreams: upstreams)
        let isAdopted = state.withLock { state in
            // A reload has looked the names up itself.
            guard state.snapshot === snapshot else { return false }
            state.snapshot = moved
            return true
        }
        if isAdopted { haveAdopted(retiring: snapshot) }
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
            guard !found.isEmpty, Set(found.map(\.key)) != Set(server.addresses.map(\.key)) else {
                return server
            }
            hasMoved = true
            return server.with(addresses: found)
        }
        return hasMoved ? with(servers: servers) : self
    }
}
