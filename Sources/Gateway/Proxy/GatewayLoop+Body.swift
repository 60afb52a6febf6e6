import HTTP

extension GatewayLoop {
    /// Goes on with a client whose request is under way.
    ///
    /// - Returns: Whether it was answered and there may be more to do at once; else what comes
    ///   next is up to the upstream, or was called from here.
    mutating func goOnExchanging(_ key: ClientKey) -> Bool {
        let slot = key.slot
        if clients[slot].isCollecting {
            collectBody(key)
            return clients.contains(key) && clients[slot].phase != .exchanging
        }
        if clients[slot].exchange.body.isReceived, clients[slot].transport.peerEnded {
            clientFailed(key, .clientClosed)
        } else if !clients[slot].exchange.body.isComplete {
            pumpBody(key)
        }
        return false
    }

    /// Passes on as much of a request's body as is here and as the upstream takes.
    mutating func pumpBody(_ key: ClientKey) {
        let slot = key.slot
        while clients.contains(key), clients[slot].phase == .exchanging,
            !clients[slot].exchange.body.isComplete
        {
            guard let upstream = clients[slot].exchange.upstream,
                upstreams[upstream.slot].phase == .exchanging
            else { return }
            guard !upstreams[upstream.slot].transport.hasUnsent else {
                setDeadline(key, .upstream)
                return
            }
            let isAtHand =
                clients[slot].exchange.body.isReceived
                || !clients[slot].input.isEmpty && !clients[slot].exchange.needsInput
            if !isAtHand {
                guard readBody(key) else { return }
            }
            guard passBody(key, to: upstream) else { return }
        }
        bodyIsComplete(key)
    }

    private mutating func bodyIsComplete(_ key: ClientKey) {
        guard clients.contains(key), clients[key.slot].phase == .exchanging,
            let upstream = clients[key.slot].exchange.upstream
        else { return }
        clients[key.slot].input.releaseIfEmpty(to: &buffers)
        setDeadline(key, .upstream)
        awaitAnswer(upstream)
    }

    /// Reads more of a body; false when there is none yet or never will be.
    mutating func readBody(_ key: ClientKey) -> Bool {
        let slot = key.slot
        if clients[slot].exchange.expectsContinue {
            clients[slot].exchange.expectsContinue = false
            sendContinue(key)
            guard clients.contains(key) else { return false }
        }
        guard !clients[slot].input.isFull else {
            bodyFailed(key, .framingInvalid)
            return false
        }
        switch readClient(slot) {
        case .bytes:
            clients[slot].exchange.needsInput = false
            setDeadline(key, .body)
            return true
        case .wouldBlock:
            clients[slot].input.releaseIfEmpty(to: &buffers)
            if let upstream = clients[slot].exchange.upstream {
                upstreamDeadlines.clear(upstream.slot)
            }
            if clients[slot].wait != .body { setDeadline(key, .body) }
            return false
        case .ended, .failed:
            clientFailed(key, .clientClosed)
            return false
        }
    }

    private mutating func sendContinue(_ key: ClientKey) {
        scratch.removeAll()
        scratch.append("HTTP/1.1 100 Continue\r\n\r\n")
        let progress = clients[key.slot].transport.write(
            unsafe scratch.unowned,
            stage: stage,
            pool: &buffers
        )
        if progress == .failed { clientFailed(key, .clientClosed) }
    }

    /// Passes on what is in the client's buffer; false when the exchange has ended.
    private mutating func passBody(_ key: ClientKey, to upstream: UpstreamKey) -> Bool {
        let slot = key.slot
        switch clients[slot].exchange.body {
        case .complete: return true
        case .length(let remaining):
            let count = min(remaining, UInt64(min(clients[slot].input.count, Self.writeBytesMax)))
            let left = remaining - count
            clients[slot].exchange.body = left == 0 ? .complete : .length(remaining: left)
            return send(Int(count), from: key, to: upstream)
        case .chunked(let decoder, let taken):
            return passChunks(key, to: upstream, decoder, taken)
        case .held(let passed): return passHeld(key, to: upstream, passed)
        }
    }

    /// Sends bytes as they are and drops them from the client's buffer.
    private mutating func send(_ count: Int, from key: ClientKey, to upstream: UpstreamKey) -> Bool
    {
        clients[key.slot].tapBody(count, pool: &buffers)
        let progress = upstreams[upstream.slot].transport.write(
            unsafe clients[key.slot].input.unowned.extracting(0..<count),
            stage: stage,
            pool: &buffers
        )
        clients[key.slot].input.consume(count)
        return bodyIsSent(progress, key, upstream)
    }

    mutating func bodyIsSent(
        _ progress: Transport.Progress,
        _ key: ClientKey,
        _ upstream: UpstreamKey
    ) -> Bool {
        switch progress {
        case .done, .blocked:
            awaitAnswer(upstream)
            return true
        case .failed:
            stopSending(upstream)
            return false
        }
    }

    /// Takes chunks apart and puts them together anew, so that nothing of the client's framing
    /// reaches the upstream.
    private mutating func passChunks(
        _ key: ClientKey,
        to upstream: UpstreamKey,
        _ decoder: ChunkedDecoder,
        _ taken: UInt64
    ) -> Bool {
        let slot = key.slot
        let limit = UInt64(snapshot.limits.requestBodyBytesMax)
        outbound.removeAll()
        do throws(ChunkedDecoder.Failure) {
            let step = try clients[slot].passChunks(
                decoder,
                taken,
                limit: limit,
                pool: &buffers,
                to: &outbound
            )
            if step == .tooLarge {
                bodyFailed(key, .bodyTooLarge)
                return false
            }
            clients[slot].exchange.needsInput = step == .needsInput
        } catch {
            bodyFailed(key, .framingInvalid)
            return false
        }
        guard outbound.count > 0 else { return true }
        let progress = upstreams[upstream.slot].transport.write(
            unsafe outbound.unowned,
            stage: stage,
            pool: &buffers
        )
        return bodyIsSent(progress, key, upstream)
    }

    /// The client's body is refused in its middle: nothing more of it reaches the upstream.
    mutating func bodyFailed(_ key: ClientKey, _ refusal: Refusal) {
        clients[key.slot].closesAfterAnswer = true
        if let upstream = clients[key.slot].exchange.upstream { closeUpstream(upstream) }
        if clients[key.slot].exchange.status == 0 {
            refuseLate(key, refusal)
            advance(key)
        } else {
            finish(key, fault: refusal)
            drop(key, aborting: true)
        }
    }

    /// The client gave nothing of its body for too long.
    mutating func bodyTimedOut(_ key: ClientKey) {
        bodyFailed(key, .requestTimeout)
    }
}

extension ClientConnection {
    enum ChunkStep {
        case passed
        case needsInput
        case tooLarge
    }

    /// Moves chunks from the buffer to `output`, as many as fit.
    mutating func passChunks(
        _ decoder: ChunkedDecoder,
        _ taken: UInt64,
        limit: UInt64,
        pool: inout BufferPool,
        to output: inout OutputBuffer
    ) throws(ChunkedDecoder.Failure) -> ChunkStep {
        var decoder = decoder
        var taken = taken
        while output.count < GatewayLoop.writeBytesMax - 32 {
            let room = GatewayLoop.writeBytesMax - 32 - output.count
            let window = unsafe input.unowned.extracting(first: room)
            switch try decoder.next(window) {
            case .body(let range):
                taken += UInt64(range.count)
                guard taken <= limit else { return .tooLarge }
                HeadWriter.appendChunkSize(range.count, to: &output)
                output.append(window.extracting(range))
                output.append("\r\n")
                tap.take(window.extracting(range), pool: &pool)
                input.consume(range.upperBound)
            case .trailer(_, let consumed):
                // Trailers of a request are dropped: an upstream could merge them into the head.
                input.consume(consumed)
            case .needsInput(let consumed):
                let isAll = window.count == input.count
                input.consume(consumed)
                exchange.body = .chunked(decoder, taken: taken)
                if isAll { return .needsInput }
                if consumed == 0 { return .passed }
            case .finished(let consumed):
                input.consume(consumed)
                output.append("0\r\n\r\n")
                exchange.body = .complete
                return .passed
            }
        }
        exchange.body = .chunked(decoder, taken: taken)
        return .passed
    }
}
