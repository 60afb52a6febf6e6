import HTTP
import Policy

extension GatewayLoop {
    /// The most bytes of requests that one loop holds until their bodies are whole.
    static let heldBytesMax = 64 * 1_024 * 1_024

    /// Keeps an admitted request until its body is whole and was looked at.
    mutating func hold(_ key: ClientKey, headBytes: Int) {
        let slot = key.slot
        outbound.removeAll()
        clients[slot].writeForwarded(headBytes, framing: .none, gate: &gate, to: &outbound)
        clients[slot].held = HeldRequest(
            head: outbound.span.copied,
            faults: gate.faults,
            bodyBytesMax: snapshot.bodyBytesMax(ofRoute: clients[slot].exchange.route)
        )
        clients[slot].postponeStart(headBytes, through: &gate, journal: &journal)
        heldBytes += clients[slot].heldBytes
        guard !outbound.overflowed else {
            let isRecorded = recordHeld(slot, nil)
            refuse(key, isRecorded ? .headersTooLarge : .journalUnavailable, headBytes: headBytes)
            return
        }
        clients[slot].input.consume(headBytes)
        collectBody(key)
    }

    /// Writes the START of a held request, if it is not written yet, with what its body says.
    ///
    /// - Parameters:
    ///   - slot: The client's.
    ///   - body: The body, when it is here whole.
    /// - Returns: False when it cannot be written and the request must not go on.
    mutating func recordHeld(_ slot: UInt32, _ body: CheckedBody?) -> Bool {
        guard let held = clients[slot].held, let start = held.start,
            let snapshot = clients[slot].exchange.snapshot
        else { return true }
        clients[slot].held?.start = nil
        gate.captured = start.captured
        if let body { clients[slot].capture(body, of: held, snapshot, through: &gate) }
        gate.captured.finish()
        let captured = gate.captured.text
        let proof = clients[slot].record(start, captured, journal: &journal, now)
        guard let proof else { return false }
        if let permit = clients[slot].exchange.permit.take() {
            clients[slot].exchange.ticket = ForwardingTicket(permit: permit, recorded: proof)
        }
        return true
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
        let body = clients[slot].checkHeld()
        guard recordHeld(slot, body) else {
            gate.forget()
            refuseLate(key, .journalUnavailable)
            return
        }
        let faults = (clients[slot].held?.faults ?? []) + (body?.faults ?? [])
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

    /// Looks at the body of the held request.
    func checkHeld() -> CheckedBody? {
        guard let held, let snapshot = exchange.snapshot else { return nil }
        return snapshot.policy.routes[exchange.route].check(body: held.body)
    }

    /// Keeps what the START is written with once the body is here, if it is not written yet.
    mutating func postponeStart(
        _ headBytes: Int,
        through gate: inout RequestGate,
        journal: inout LoopJournal
    ) {
        guard exchange.permit != nil else { return }
        let head = unsafe input.unowned.extracting(0..<headBytes)
        held?.start = PendingStart(
            scope: journal.scope(of: exchange),
            method: head.extracting(gate.head.methodRange).copied,
            principal: gate.principal,
            details: journal.copiedDetails(
                of: exchange,
                template: gate.parameters.template,
                gate.principal
            ),
            captured: gate.captured
        )
    }

    /// Takes what the body says that goes into the START.
    mutating func capture(
        _ body: CheckedBody,
        of held: HeldRequest,
        _ snapshot: Snapshot,
        through gate: inout RequestGate
    ) {
        gate.capture(body, of: held, exchange, snapshot)
    }

    /// Writes the START that waited.
    mutating func record(
        _ start: PendingStart,
        _ captured: [UInt8],
        journal: inout LoopJournal,
        _ now: LoopTime
    ) -> StartProof? {
        journal.start(
            start.scope,
            &exchange,
            method: start.method.span,
            address: addressText,
            principal: start.principal,
            details: start.details.span,
            captured: captured,
            now
        )
    }

    /// Writes what goes first of the held request.
    mutating func writeHeld(to output: inout OutputBuffer) {
        guard let held else { return }
        exchange.isRepeatable = exchange.method.isIdempotent && held.body.isEmpty
        let isAll = held.write(to: &output, gatherBytesMax: GatewayLoop.gatherBytesMax)
        exchange.body = isAll ? .complete : .held(passed: 0)
    }
}
