extension OutboundLoop {
    /// Begins a request.
    mutating func begin(_ order: OutboundMessage.Order) {
        let call = OutboundCall(
            completion: order.completion,
            deadline: order.deadline,
            exchange: OutboundExchange(order.request)
        )
        guard let key = calls.insert(call) else { return order.completion(.failure(.busy)) }
        callDeadlines.set(key.slot, at: order.deadline)
        seekConnection(key)
    }

    /// Sends a request over a connection that is there, or has one made.
    mutating func seekConnection(_ key: CallKey) {
        if let idle = pool.take(calls[key.slot].origin) {
            connections[idle.slot].isReused = true
            serve(key, over: idle)
        } else {
            seekServer(key)
        }
    }

    /// Finds out how the origin is reached, and connects.
    mutating func seekServer(_ key: CallKey) {
        let origin = calls[key.slot].origin
        calls[key.slot].triedCount = 0
        calls[key.slot].server = OutboundServer(plain: origin)
        if calls[key.slot].server != nil { return connect(key) }
        lookups.want(origin, for: key)
        lookups.start(mailbox)
    }

    /// Goes on with the requests that waited for a look-up.
    mutating func found(
        _ origin: OutboundOrigin,
        _ result: Result<OutboundServer, OutboundFailure>
    ) {
        for key in lookups.end(origin) where calls.contains(key) {
            switch result {
            case .failure(let failure): finish(key, .failure(failure))
            case .success(let server):
                calls[key.slot].server = server
                connect(key)
            }
        }
    }

    /// Connects to the next address that takes the connection up; without one the request has failed.
    mutating func connect(_ key: CallKey) {
        while let address = calls[key.slot].nextAddress() {
            do throws(OutboundFailure) {
                let connection = try makeConnection(to: address, for: key)
                calls[key.slot].connection = connection
                connectionDeadlines.set(
                    connection.slot,
                    at: calls[key.slot].attemptDeadline(at: now)
                )
                return
            } catch { calls[key.slot].trouble = error }
        }
        finish(key, .failure(calls[key.slot].trouble))
    }

    /// Sends a request over a connection.
    mutating func serve(_ key: CallKey, over connection: ConnectionKey) {
        let slot = connection.slot
        calls[key.slot].connection = connection
        connectionDeadlines.clear(slot)
        connections[slot].phase = .exchanging
        connections[slot].call = key
        connections[slot].hasAnswered = false
        connections[slot].unsent = calls[key.slot].exchange.message[...]
        goOn(connection)
    }

    /// Acts on what the exchange says.
    mutating func act(_ step: OutboundExchange.Step, _ key: CallKey, _ connection: ConnectionKey) {
        switch step {
        case .wantsMore: break
        case .finished(let answer, let staysOpen):
            release(connection, staysOpen: staysOpen)
            finish(key, .success(answer))
        case .follow(let staysOpen):
            release(connection, staysOpen: staysOpen)
            calls[key.slot].connection = nil
            calls[key.slot].wasRepeated = false
            seekConnection(key)
        }
    }

    /// The connection of a request has broken.
    ///
    /// One that was kept alive may have been closed by the server before the request came: then it is
    /// sent again over a new one, if it may be.
    mutating func exchangeFailed(
        _ key: CallKey,
        _ connection: ConnectionKey,
        _ failure: OutboundFailure
    ) {
        let diedUnseen =
            connections[connection.slot].isReused && !connections[connection.slot].hasAnswered
        close(connection)
        guard diedUnseen, calls[key.slot].exchange.isRepeatable, !calls[key.slot].wasRepeated
        else { return finish(key, .failure(failure)) }
        calls[key.slot].wasRepeated = true
        calls[key.slot].connection = nil
        seekServer(key)
    }

    /// Ends a request: the only place where completions are called.
    mutating func finish(_ key: CallKey, _ result: Result<OutboundAnswer, OutboundFailure>) {
        guard let call = calls.remove(key) else { return }
        callDeadlines.clear(key.slot)
        lookups.forget(key, call.origin)
        if let connection = call.connection, connections.contains(connection),
            connections[connection.slot].call == key
        {
            close(connection)
        }
        call.completion(result)
    }
}
