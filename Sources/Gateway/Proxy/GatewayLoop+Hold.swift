import HTTP
import Policy

extension GatewayLoop {
    /// The most bytes of requests that one loop holds until their bodies are whole.
    static let heldBytesMax = 64 * 1_024 * 1_024

    /// Keeps an admitted request until its body is whole and was looked at.
    mutating func hold(
        _ key: ClientKey,
        _ ticket: consuming ForwardingTicket,
        headBytes: Int
    ) {
        let slot = key.slot
        outbound.removeAll()
        clients[slot].writeForwarded(headBytes, framing: .none, gate: &gate, to: &outbound)
        guard !outbound.overflowed else {
            refuse(key, .headersTooLarge, headBytes: headBytes)
            return
        }
        clients[slot].held = HeldRequest(
            head: outbound.span.copied,
            faults: gate.faults,
            bodyBytesMax: snapshot.bodyBytesMax(ofRoute: clients[slot].exchange.route)
        )
        heldBytes += clients[slot].heldBytes
        clients[slot].input.consume(headBytes)
        clients[slot].exchange.ticket = consume ticket
        collectBody(key)
    }

    /// Takes as much of a held request's body as is here, and sends the request on when that is
    /// all.
    mutating func collectBody(_ key: ClientKey) {
        let slot = key.slot
        while clients.contains(key), clients[slot].phase == .exchanging, clients[slot].isCollecting
        {
            if clients[slot].exchange.body.isComplete {
                bodyIsWhole(key)
                return
            }
            if clients[slot].input.isEmpty || clients[slot].exchange.needsInput {
                guard readBody(key) else { return }
            }
            guard takeBody(key) else { return }
        }
    }

    /// Moves what is in the client's buffer to the held request; false when the exchange has ended.
    private mutating func takeBody(_ key: ClientKey) -> Bool {
        let slot = key.slot
        let before = clients[slot].heldBytes
        let fits: Bool
        do throws(ChunkedDecoder.Failure) {
            fits = try clients[slot].collect()
        } catch {
            bodyFailed(key, .framingInvalid)
            return false
        }
        heldBytes += clients[slot].heldBytes - before
        guard fits else {
            bodyFailed(key, .bodyTooLarge)
            return false
        }
        guard heldBytes <= Self.heldBytesMax else {
            bodyFailed(key, .busy)
            return false
        }
        return true
    }

    private mutating func bodyIsWhole(_ key: ClientKey) {
        let slot = key.slot
        clients[slot].input.releaseIfEmpty(to: &buffers)
        clients[slot].held?.isWhole = true
        let faults = clients[slot].faultsOfHeld()
        guard faults.isEmpty else {
            gate.forget()
            gate.faults = faults
            refuseLate(key, .invalidRequest)
            return
        }
        if let refusal = inspectPushed(slot) ?? reserveAttempt(slot) {
            refuseLate(key, refusal)
            return
        }
        sendHeld(key)
    }

    private mutating func inspectPushed(_ slot: UInt32) -> Refusal? {
        guard let form = clients[slot].held?.body,
            let snapshot = clients[slot].exchange.snapshot
        else { return nil }
        let (tenant, route) = (clients[slot].exchange.tenant, clients[slot].exchange.route)
        return gate.inspectPushed(form, tenant: tenant, route: route, snapshot.policy)
    }

    /// Sends a held request on its way: the bytes that were looked at, and no others.
    private mutating func sendHeld(_ key: ClientKey) {
        let slot = key.slot
        outbound.removeAll()
        clients[slot].writeHeld(to: &outbound)
        guard !outbound.overflowed else {
            refuseLate(key, .headersTooLarge)
            return
        }
        if clients[slot].exchange.body.isComplete { releaseHeld(slot) }
        setDeadline(key, .upstream)
        sendCommitted(key)
    }

    /// Passes on as much of a held body as goes in one piece.
    ///
    /// - Returns: False when the exchange has ended.
    mutating func passHeld(_ key: ClientKey, to upstream: UpstreamKey, _ passed: Int) -> Bool {
        let slot = key.slot
        guard let body = clients[slot].held?.body else { return false }
        let end = min(body.count, passed + Self.writeBytesMax)
        let progress = upstreams[upstream.slot].transport.write(
            body.span.extracting(passed..<end),
            stage: stage,
            pool: &buffers
        )
        clients[slot].exchange.body = end == body.count ? .complete : .held(passed: end)
        if end == body.count { releaseHeld(slot) }
        return bodyIsSent(progress, key, upstream)
    }

    /// Gives back the memory of a held request.
    @inline(__always)
    mutating func releaseHeld(_ slot: UInt32) {
        guard clients[slot].held != nil else { return }
        heldBytes -= clients[slot].heldBytes
        clients[slot].held = nil
    }
}

extension ClientConnection {
    /// Whether a held request waits for its body.
    @inline(__always) var isCollecting: Bool { held?.isWhole == false }

    /// The memory of the held request.
    var heldBytes: Int { held?.bytes ?? 0 }

    /// Moves what is in the buffer to the held request; false when it is more than the route takes.
    mutating func collect() throws(ChunkedDecoder.Failure) -> Bool {
        switch exchange.body {
        case .complete, .held: return true
        case .length(let remaining):
            let count = Int(min(remaining, UInt64(input.count)))
            let left = remaining - UInt64(count)
            exchange.body = left == 0 ? .complete : .length(remaining: left)
            let fits = held?.append(unsafe input.unowned.extracting(0..<count)) ?? false
            input.consume(count)
            return fits
        case .chunked(let decoder, let taken): return try collectChunks(decoder, taken)
        }
    }

    private mutating func collectChunks(
        _ decoder: ChunkedDecoder,
        _ taken: UInt64
    ) throws(ChunkedDecoder.Failure) -> Bool {
        var decoder = decoder
        while true {
            let window = unsafe input.unowned
            switch try decoder.next(window) {
            case .body(let range):
                guard held?.append(window.extracting(range)) == true else { return false }
                input.consume(range.upperBound)
            case .trailer(_, let consumed): input.consume(consumed)
            case .needsInput(let consumed):
                input.consume(consumed)
                exchange.body = .chunked(decoder, taken: taken)
                exchange.needsInput = true
                return true
            case .finished(let consumed):
                input.consume(consumed)
                exchange.body = .complete
                return true
            }
        }
    }

    /// Everything that is wrong with the held request.
    func faultsOfHeld() -> [RequestFault] {
        guard let held, let snapshot = exchange.snapshot else { return [] }
        return held.faults + snapshot.policy.routes[exchange.route].faults(inBody: held.body)
    }

    /// Writes what goes first of the held request.
    mutating func writeHeld(to output: inout OutputBuffer) {
        guard let held else { return }
        exchange.isRepeatable = exchange.method.isIdempotent && held.body.isEmpty
        let isAll = held.write(to: &output, gatherBytesMax: GatewayLoop.gatherBytesMax)
        exchange.body = isAll ? .complete : .held(passed: 0)
    }
}
