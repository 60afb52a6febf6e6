/// Opens the listening sockets of a configuration.
enum Listeners {
    /// Opens one socket a loop and listener, all or none.
    ///
    /// - Returns: The sockets of each loop.
    static func open(
        _ configuration: Configuration
    ) throws(GatewayFailure) -> [[LoopListener]] {
        var byLoop = [[LoopListener]](repeating: [], count: configuration.workers)
        do throws(GatewayFailure) {
            for (index, listener) in configuration.listeners.enumerated() {
                let address = try address(listener.address, to: "listen")
                let isShared = configuration.workers > 1
                if isShared { try probe(address, listener.address) }
                for loop in 0..<configuration.workers {
                    let socket = try bind(address, listener.address, isShared)
                    byLoop[loop].append(LoopListener(socket: socket, index: index))
                }
            }
        } catch {
            for listener in byLoop.flatMap(\.self) { Socket.close(listener.socket) }
            throw error
        }
        return byLoop
    }

    /// The first address that a configured host stands for.
    static func address(
        _ address: Configuration.Address,
        to what: String
    ) throws(GatewayFailure) -> SocketAddress {
        let found = SocketAddress.resolve(host: address.host, port: address.port)
        guard let first = found.first else { throw .unknownHost(what, host: address.host) }
        return first
    }

    /// Finds out that another process listens already, which a shared port would hide.
    private static func probe(
        _ address: SocketAddress,
        _ named: Configuration.Address
    ) throws(GatewayFailure) {
        Socket.close(try bind(address, named, false))
    }

    private static func bind(
        _ address: SocketAddress,
        _ named: Configuration.Address,
        _ isShared: Bool
    ) throws(GatewayFailure) -> Int32 {
        do throws(Errno) {
            return try Socket.listen(on: address, sharesPort: isShared).release()
        } catch {
            throw .address("listen", host: named.host, port: named.port, reason: error)
        }
    }
}
