import HTTP
import Policy

// What of bodies goes into events.
extension GatewayLoop {
    /// The most bodies of one loop that are copied at a time; of more nothing is captured.
    static let tapsMax = 256

    /// Begins to copy a request's body that goes on as it comes, if something of it is captured.
    @inline(__always)
    mutating func tapRequest(_ slot: UInt32) {
        guard clients[slot].exchange.tapped != nil, tapsCount < Self.tapsMax else { return }
        tapsCount += 1
        clients[slot].tap.open()
    }

    /// Begins to copy an answer's body, if something of it is captured.
    @inline(__always)
    mutating func tapAnswer(_ key: UpstreamKey, _ client: ClientKey, headBytes: Int) {
        let route = clients[client.slot].exchange.route
        guard let snapshot = clients[client.slot].exchange.snapshot, route >= 0,
            !snapshot.policy.routes[route].capture.isEmpty
        else { return }
        tapAnswer(key, client, snapshot, headBytes: headBytes)
    }

    private mutating func tapAnswer(
        _ key: UpstreamKey,
        _ client: ClientKey,
        _ snapshot: Snapshot,
        headBytes: Int
    ) {
        guard clients[client.slot].exchange.receipt != nil, 200..<300 ~= answer.status,
            snapshot.captures(.response, clients[client.slot].exchange),
            upstreams[key.slot].body != .complete, tapsCount < Self.tapsMax,
            upstreams[key.slot].hasPlainJSON(answer, headBytes: headBytes)
        else { return }
        tapsCount += 1
        upstreams[key.slot].tap.open()
    }

    /// Puts what was captured while bodies passed into `gate.captured`, for the outcome.
    @inline(__always)
    mutating func takeCaptured(_ key: UpstreamKey, _ slot: UInt32) {
        gate.captured.removeAll()
        if clients[slot].tap.isOpen || upstreams[key.slot].tap.isOpen { takeTapped(key, slot) }
    }

    private mutating func takeTapped(_ key: UpstreamKey, _ slot: UInt32) {
        guard let snapshot = clients[slot].exchange.snapshot else { return }
        let rules = snapshot.policy.routes[clients[slot].exchange.route].capture
        let level = snapshot.level(ofTenant: clients[slot].exchange.tenant)
        if clients[slot].exchange.body.isComplete, let form = clients[slot].exchange.tapped,
            let body = clients[slot].tap.bytes()
        {
            gate.take(body, as: form, rules, level: level)
        }
        if let body = upstreams[key.slot].tap.bytes(), let document = try? JSONDocument(body) {
            gate.captured.take(document, .response, rules, level: level)
        }
        gate.captured.finish()
        if upstreams[key.slot].tap.close(pool: &buffers) { tapsCount -= 1 }
    }

    /// Takes note of the error that a redirect tells the client of.
    @inline(__always)
    mutating func noteRedirect(_ key: UpstreamKey, _ client: ClientKey, headBytes: Int) {
        guard 300..<400 ~= answer.status else { return }
        clients[client.slot].exchange.redirectFault =
            upstreams[key.slot].redirectFault(answer, headBytes: headBytes)
    }
}

extension ClientConnection {
    /// Copies the bytes of the body that are about to pass.
    @inline(__always)
    mutating func tapBody(_ count: Int, pool: inout BufferPool) {
        if tap.isOpen { tap.take(unsafe input.unowned.extracting(0..<count), pool: &pool) }
    }
}

extension UpstreamConnection {
    func hasPlainJSON(_ head: borrowing ResponseHead, headBytes: Int) -> Bool {
        head.isPlainJSON(unsafe input.unowned.extracting(0..<headBytes))
    }

    func redirectFault(
        _ head: borrowing ResponseHead,
        headBytes: Int
    ) -> EventOutcome.Fault? {
        let bytes = unsafe input.unowned.extracting(0..<headBytes)
        for index in 0..<head.fields.count
        where FieldName.matches(bytes.extracting(head.fields[index].name), "location") {
            return AuthorizationError.fault(in: bytes.extracting(head.fields[index].value))
        }
        return nil
    }
}
