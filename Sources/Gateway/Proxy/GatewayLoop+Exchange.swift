import HTTP
import Policy

extension GatewayLoop {
    /// Reads a complete head, decides about it, and begins to forward or to answer.
    mutating func beginExchange(_ key: ClientKey, headBytes: Int) {
        let slot = key.slot
        clients[slot].beginExchange(snapshot, now)
        do throws(HeadFailure) {
            try clients[slot].read(headBytes, through: &gate, now)
        } catch {
            refuse(key, Refusal(error), headBytes: headBytes)
            return
        }
        decideExchange(key, headBytes: headBytes)
    }

    /// Decides about a request whose head was read, and begins to forward or to answer.
    mutating func decideExchange(_ key: ClientKey, headBytes: Int) {
        let slot = key.slot
        if gate.head.wantsClose || gate.head.method == .connect || isDraining {
            clients[slot].closesAfterAnswer = true
        }
        let admission = clients[slot].admit(
            headBytes,
            through: &gate,
            identities: identities,
            journal: &journal,
            now
        )
        switch consume admission {
        case .wait(let wait): awaitIdentity(key, wait, headBytes: headBytes)
        case .refuse(let refusal): refuse(key, refusal, headBytes: headBytes)
        case .forward(let ticket): forward(key, ticket, headBytes: headBytes)
        case .hold(let ticket):
            clients[slot].exchange.ticket = consume ticket
            hold(key, headBytes: headBytes)
        case .holdUnrecorded(let permit):
            clients[slot].exchange.permit = consume permit
            hold(key, headBytes: headBytes)
        case .serveEvents(let ticket): serveEvents(key, ticket, headBytes: headBytes)
        case .serveMetadata: serveMetadata(key, headBytes: headBytes)
        }
    }

    /// Refuses a head that cannot be read to its end, or did not come to it in time.
    mutating func refuseUnread(_ key: ClientKey, _ refusal: Refusal) {
        clients[key.slot].beginExchange(snapshot, now)
        clients[key.slot].exchange.requestID = gate.newRequestID(now)
        gate.forget()
        refuse(key, refusal, headBytes: 0)
    }

    /// Answers a request with a refusal, records it, and goes on or closes.
    mutating func refuse(_ key: ClientKey, _ refusal: Refusal, headBytes: Int) {
        let slot = key.slot
        let isUnderstood = headBytes > 0 && !refusal.endsConnection
        settleBody(slot, headBytes: headBytes, isUnderstood: isUnderstood)
        record(key, refusal, headBytes: headBytes)
        outbound.removeAll()
        clients[slot].writeRefusal(
            refusal,
            headBytes: headBytes,
            gate: gate,
            date: now.date,
            body: &scratch,
            to: &outbound
        )
        clients[slot].input.consume(headBytes)
        answerIsWritten(key)
    }

    /// Decides what becomes of a body that nobody will read.
    ///
    /// One that is here already, or none, lets the connection go on; any other ends it.
    mutating func settleBody(_ slot: UInt32, headBytes: Int, isUnderstood: Bool) {
        guard isUnderstood else {
            clients[slot].closesAfterAnswer = true
            return
        }
        switch clients[slot].exchange.body {
        case .complete, .held: break
        case .length(let remaining):
            let waiting = clients[slot].input.count - headBytes
            if remaining > UInt64(waiting) {
                clients[slot].closesAfterAnswer = true
            } else {
                clients[slot].skipsAfterHead = Int(remaining)
            }
        case .chunked: clients[slot].closesAfterAnswer = true
        }
    }

    /// Writes the refusal's event: the outcome when there is a START, else the gateway's own.
    private mutating func record(_ key: ClientKey, _ refusal: Refusal, headBytes: Int) {
        let slot = key.slot
        metrics.countRefusal(refusal)
        refusals.add(clients[slot].refused(refusal, gate: gate, snapshot, now))
        if clients[slot].exchange.receipt == nil {
            clients[slot].recordRefusal(
                refusal,
                headBytes: headBytes,
                gate: gate,
                journal: &journal,
                now
            )
            clients[slot].count(.refused, in: &metrics, now)
        } else {
            let words = gate.row(of: refusal).message
            finish(key, fault: refusal, words: words, status: refusal.status)
        }
    }

    /// Writes the outcome of an exchange that failed.
    ///
    /// `status` is what the client got; 0 when it got none.
    mutating func finish(
        _ key: ClientKey,
        fault: Refusal,
        words: StaticString? = nil,
        status: Int = 0
    ) {
        let slot = key.slot
        guard !clients[slot].exchange.isFinished else { return }
        clients[slot].exchange.isFinished = true
        // A caller that is known has a START, also when its body never came.
        _ = recordHeld(slot, nil)
        let begun = clients[slot].exchange.status
        let upstreamStatus = clients[slot].exchange.upstreamStatus
        let outcome = EventOutcome.failed(
            status: status > 0 ? status : begun > 0 ? begun : nil,
            upstreamStatus: upstreamStatus > 0 ? upstreamStatus : nil,
            fault: EventOutcome.Fault(type: fault.code, message: words ?? fault.message)
        )
        journal.finish(&clients[slot].exchange, outcome: outcome, captured: [], now)
        clients[slot].count(.failed, in: &metrics, now)
    }

    /// Writes the outcome of an exchange that was carried through, with what `gate.captured` holds.
    @inline(__always)
    mutating func finish(_ slot: UInt32, status: Int, upstreamStatus: Int?) {
        guard !clients[slot].exchange.isFinished else { return }
        clients[slot].exchange.isFinished = true
        settleAttempt(slot, status: status)
        let outcome = EventOutcome.answered(
            status: status,
            upstreamStatus: upstreamStatus,
            fault: clients[slot].exchange.redirectFault
        )
        journal.finish(
            &clients[slot].exchange,
            outcome: outcome,
            captured: gate.captured.text,
            now
        )
        clients[slot].count(outcome.isSuccess ? .succeeded : .failed, in: &metrics, now)
    }

    /// Sends a complete answer that is in `outbound`.
    mutating func answerIsWritten(_ key: ClientKey) {
        let slot = key.slot
        let progress = writeEnd(slot)
        answerIsSent(key, progress)
    }

    /// Sends what is in `outbound` as the end of an answer, and of the connection if it is to end.
    @inline(__always)
    mutating func writeEnd(_ slot: UInt32) -> Transport.Progress {
        clients[slot].closesAfterAnswer
            ? clients[slot].transport.writeLast(
                unsafe outbound.unowned,
                stage: stage,
                pool: &buffers
            )
            : clients[slot].transport.write(
                unsafe outbound.unowned,
                stage: stage,
                pool: &buffers
            )
    }

    /// The last byte of an answer is with the socket, or waits for it.
    @inline(__always)
    mutating func answerIsSent(_ key: ClientKey, _ progress: Transport.Progress) {
        let slot = key.slot
        guard progress != .failed else {
            drop(key, aborting: true)
            return
        }
        releaseHeld(slot)
        if clients[slot].tap.close(pool: &buffers) { tapsCount -= 1 }
        clients[slot].endExchange(pool: &buffers)
        if clients[slot].closesAfterAnswer {
            beginLingering(key)
        } else {
            setDeadline(key, progress == .blocked ? .sending : .quiet)
        }
    }
}

extension ClientConnection {
    @inline(__always)
    mutating func count(
        _ outcome: LoopMetrics.Outcome,
        in metrics: inout LoopMetrics,
        _ now: LoopTime
    ) {
        metrics.count(exchange, outcome, now)
    }

    /// Whether the last bytes of the buffer are those of a head.
    @inline(__always)
    var endsWithEmptyLine: Bool {
        let bytes = unsafe input.unowned
        let count = bytes.count
        return count >= 4 && bytes[count - 1] == 0x0A && bytes[count - 2] == 0x0D
            && bytes[count - 3] == 0x0A && bytes[count - 4] == 0x0D
    }

    /// Forgets the last exchange and begins the next.
    @inline(__always)
    mutating func beginExchange(_ snapshot: Snapshot, _ now: LoopTime) {
        phase = .exchanging
        skipsAfterHead = 0
        exchange.reset(snapshot, began: now.microseconds)
    }

    /// The exchange is over; the next head may follow.
    @inline(__always)
    mutating func endExchange(pool: inout BufferPool) {
        phase = .readingHead
        scanner = HeadScanner(.request)
        if skipsAfterHead > 0 {
            input.consume(skipsAfterHead)
            skipsAfterHead = 0
        }
        input.releaseIfEmpty(to: &pool)
        exchange.upstream = nil
        exchange.ticket = nil
        exchange.permit = nil
        exchange.snapshot = nil
        exchange.introspected = nil
    }

    @inline(__always)
    mutating func read(
        _ headBytes: Int,
        through gate: inout RequestGate,
        _ now: LoopTime
    ) throws(HeadFailure) {
        exchange.requestID = gate.newRequestID(now)
        try gate.read(unsafe input.unowned.extracting(0..<headBytes), exchange: &exchange, now: now)
    }

    @inline(__always)
    mutating func admit(
        _ headBytes: Int,
        through gate: inout RequestGate,
        identities: [TenantIdentity?],
        journal: inout LoopJournal,
        _ now: LoopTime
    ) -> Admission {
        gate.admit(
            unsafe input.unowned.extracting(0..<headBytes),
            behind: unsafe input.unowned.extracting(droppingFirst: headBytes),
            exchange: &exchange,
            caller: Caller(
                address: address,
                addressText: addressText,
                certificate: certificate
            ),
            identities: identities,
            journal: &journal,
            now: now
        )
    }

    mutating func writeRefusal(
        _ refusal: Refusal,
        headBytes: Int,
        gate: borrowing RequestGate,
        date: HTTPDate,
        body: inout OutputBuffer,
        to output: inout OutputBuffer
    ) {
        exchange.status = refusal.status
        LocalResponse.write(
            refusal,
            gate: gate,
            unsafe input.unowned.extracting(0..<headBytes),
            exchange: exchange,
            date: date,
            isLast: closesAfterAnswer,
            body: &body,
            to: &output
        )
    }

    mutating func recordRefusal(
        _ refusal: Refusal,
        headBytes: Int,
        gate: borrowing RequestGate,
        journal: inout LoopJournal,
        _ now: LoopTime
    ) {
        let head = unsafe input.unowned.extracting(0..<headBytes)
        journal.refuse(
            refusal,
            exchange,
            method: head.extracting(gate.head.methodRange.clamped(to: 0..<headBytes)),
            address: addressText,
            now
        )
    }

    @inline(__always)
    mutating func writeForwarded(
        _ headBytes: Int,
        framing: BodyFraming,
        gate: inout RequestGate,
        to output: inout OutputBuffer
    ) {
        ForwardedHead.write(
            &gate,
            unsafe input.unowned.extracting(0..<headBytes),
            framing: framing,
            exchange: exchange,
            address: addressText,
            to: &output
        )
    }
}
