extension GatewayLoop {
    /// How long a listener rests when the process has run out of descriptors.
    static let acceptPauseMilliseconds: Int64 = 100

    /// Begins to watch a listener; level-triggered, so that connections left for the next turn
    /// are not forgotten.
    mutating func watchListener(_ index: Int) {
        let token = EventToken(.listener, slot: UInt32(index))
        do {
            try epoll.add(listeners[index].socket, interest: .read, token: token.rawValue)
            listeners[index].isWatched = true
        } catch {
            control.report("listener \(listeners[index].index) cannot be watched: \(error)")
        }
    }

    mutating func accept(_ index: Int) {
        guard index < listeners.count, !isDraining else { return }
        var address = SocketAddress()
        for _ in 0..<Self.acceptsPerTurnMax {
            do throws(Errno) {
                guard let socket = try Socket.accept(listeners[index].socket, from: &address)
                else { return }
                admit(socket.release(), from: address, listener: listeners[index].index)
            } catch {
                metrics.acceptFailures += 1
                epoll.remove(listeners[index].socket)
                listeners[index].isWatched = false
                acceptResumes = now.milliseconds + Self.acceptPauseMilliseconds
                return
            }
        }
    }

    /// Watches again the listeners that rested.
    mutating func resumeAccepting() {
        guard acceptResumes <= now.milliseconds else { return }
        acceptResumes = Deadlines.never
        guard !isDraining else { return }
        for index in listeners.indices where !listeners[index].isWatched { watchListener(index) }
    }

    private mutating func admit(_ socket: Int32, from address: SocketAddress, listener: Int) {
        let key = address.key
        guard census.admit(key, limits: snapshot.limits) else {
            metrics.connectionsRefused += 1
            Socket.close(socket)
            return
        }
        guard
            let session = unsafe TLSSession(
                owning: snapshot.listeners[listener].makeServerSession(),
                stage: stage
            )
        else {
            census.leave(key)
            Socket.close(socket)
            return
        }
        var client = ClientConnection(
            transport: Transport(socket: socket, session: session),
            address: key,
            wasAsked: snapshot.listeners[listener].asksClients
        )
        client.addressText = AddressText(Array(address.hostText.utf8).span)
        insert(client, socket: socket)
    }

    private mutating func insert(_ client: consuming ClientConnection, socket: Int32) {
        let address = client.address
        guard let key = clients.insert(client) else {
            census.leave(address)
            Socket.close(socket)
            return
        }
        let token = EventToken(.client, slot: key.slot, generation: key.generation)
        do throws(Errno) {
            try epoll.add(socket, interest: .edges, token: token.rawValue)
        } catch {
            drop(key, aborting: true)
            return
        }
        metrics.connectionsAccepted += 1
        setDeadline(key, .handshake)
        clients[key.slot].transport.canRead = false
    }
}
