import HTTP
import Policy

extension GatewayLoop {
    mutating func takeMessages() {
        for message in mailbox.takeAll() {
            switch message {
            case .adopt(let snapshot, let identities, let epoch, let adopted):
                adopt(snapshot, identities, epoch: epoch)
                adopted()
            case .identify(let epoch, let tenant, let identity):
                guard epoch == self.epoch else { continue }
                identities[tenant] = identity
                resumeWaiting(tenant: tenant)
            case .introspected(let ticket, let outcome): introspected(ticket, outcome)
            case .revoke(let revocations, let adopted):
                gate.tokens.revocations = revocations
                adopted()
            case .record(let event): journal.record(event, now)
            case .answer(let client, let status, let json): answer(client, status, json)
            case .report(let receive): receive(report())
            case .explain(let identifier, let receive): receive(refusals.last(of: identifier))
            case .drain: drain()
            case .stop: isStopped = true
            }
        }
    }

    /// Decides by another configuration from the next request on.
    mutating func adopt(_ snapshot: Snapshot, _ identities: [TenantIdentity?], epoch: Int) {
        if snapshot.headLimits != self.snapshot.headLimits {
            gate.head = RequestHead(limits: snapshot.headLimits)
        }
        metrics.adopt(snapshot, replacing: self.snapshot)
        self.snapshot = snapshot
        self.identities = identities
        self.epoch = epoch
        journal.adopt(snapshot)
        for key in pool.adopt(snapshot.upstreams) { closeUpstream(key) }
        askAgain()
    }

    /// Stops accepting and closes what waits for a request; the rest ends with its answer.
    private mutating func drain() {
        isDraining = true
        for listener in listeners { Socket.close(listener.socket) }
        listeners = []
        for slot in clients.slots {
            guard let key = clients.key(at: slot) else { continue }
            clients[key.slot].closesAfterAnswer = true
            let isWaiting =
                clients[key.slot].phase == .readingHead && clients[key.slot].input.isEmpty
                && !clients[key.slot].transport.hasUnsent
            if isWaiting || clients[key.slot].phase == .handshaking { drop(key) }
        }
    }

    private func report() -> LoopReport {
        LoopReport(
            metrics: metrics,
            snapshotGeneration: ObjectIdentifier(snapshot),
            clientsOpen: clients.count,
            idleByUpstream: snapshot.upstreams.indices.map { pool.idleCount(ofUpstream: $0) },
            activeByUpstream: activeUpstreams(),
            restingServers: pool.resting(at: now.milliseconds),
            tokenHits: gate.tokens.hitsCount,
            tokenMisses: gate.tokens.missesCount,
            tokenEntries: gate.tokens.cachedCount
        )
    }

    private func activeUpstreams() -> [Int] {
        var counts = snapshot.upstreams.map { _ in 0 }
        for slot in upstreams.slots {
            guard let key = upstreams.key(at: slot), upstreams[key.slot].phase != .idle else {
                continue
            }
            let upstream = pool.servers[upstreams[key.slot].server].upstream
            if upstream >= 0 { counts[upstream] += 1 }
        }
        return counts
    }

    /// Has the events of a tenant looked up off the loop.
    mutating func serveEvents(
        _ key: ClientKey,
        _ ticket: consuming ForwardingTicket,
        headBytes: Int
    ) {
        let slot = key.slot
        guard clients[slot].exchange.body.isComplete else {
            _ = ticket
            gate.faults = [.unwantedBody]
            refuse(key, .invalidRequest, headBytes: headBytes)
            return
        }
        let question = clients[slot].question(gate.head)
        let tenant = snapshot.tenants[clients[slot].exchange.tenant].name
        clients[slot].input.consume(headBytes)
        clients[slot].input.releaseIfEmpty(to: &buffers)
        clients[slot].exchange.ticket = consume ticket
        setDeadline(key, .upstream)
        if !journal.commit(now), snapshot.configuration.analytics.onFailure == .closed {
            refuseLate(key, .journalUnavailable)
            return
        }
        control.query(question, tenant: tenant, for: key, to: mailbox)
    }

    /// Sends an answer that was worked out off the loop, if its client is still there.
    private mutating func answer(_ key: ClientKey, _ status: Int, _ json: [UInt8]) {
        guard clients.contains(key), clients[key.slot].phase == .exchanging else { return }
        let slot = key.slot
        clients[slot].exchange.status = status
        gate.captured.removeAll()
        finish(slot, status: status, upstreamStatus: nil)
        outbound.removeAll()
        clients[slot].writeLocal(
            status: status,
            length: json.count,
            caching: "no-store",
            date: now.date,
            to: &outbound
        )
        clients[slot].rest = clients[slot].exchange.method == .head ? [] : json
        let progress = clients[slot].transport.write(
            unsafe outbound.unowned,
            stage: stage,
            pool: &buffers
        )
        sendRest(key, after: progress)
        if clients.contains(key) { advance(key) }
    }

    /// Sends what is left of an answer of our own, as far as the client takes it.
    ///
    /// The answer is bounded by the query's own limits; `progress` is that of the bytes before.
    mutating func sendRest(_ key: ClientKey, after progress: Transport.Progress) {
        let slot = key.slot
        var progress = progress
        while !clients[slot].rest.isEmpty, progress == .done {
            let piece = Array(clients[slot].rest.prefix(Self.writeBytesMax))
            clients[slot].rest.removeFirst(piece.count)
            progress = clients[slot].transport.write(piece.span, stage: stage, pool: &buffers)
        }
        if progress == .blocked && !clients[slot].rest.isEmpty {
            setDeadline(key, .sending)
            return
        }
        clients[slot].rest = []
        answerIsSent(key, progress)
    }
}

extension ClientConnection {
    mutating func writeLocal(
        status: Int,
        length: Int,
        caching: StaticString,
        date: HTTPDate,
        to output: inout OutputBuffer
    ) {
        LocalResponse.write(
            status: status,
            length: length,
            caching: caching,
            exchange: exchange,
            date: date,
            isLast: closesAfterAnswer,
            to: &output
        )
    }

    /// What the head in the buffer asks of the journal.
    func question(_ head: borrowing RequestHead) -> EventQuestion {
        let query = head.queryRange.map { copy($0) } ?? []
        let path = copy(head.pathRange)
        let isOfSummary = path.span.ends(with: EventQuestion.summarySuffix, in: path.indices)
        return isOfSummary ? .summary(query) : .page(query)
    }
}
