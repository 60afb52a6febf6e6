import HTTP

extension GatewayLoop {
    /// The most of an answer's head and body that are put together before they are sent.
    static let gatherBytesMax = 15 * 1_024

    /// Passes on as much of an answer as has arrived and as the client takes.
    mutating func relayAnswer(_ key: UpstreamKey) {
        var needsInput = upstreams[key.slot].input.isEmpty
        while upstreams.contains(key), upstreams[key.slot].phase == .exchanging,
            let client = upstreams[key.slot].client
        {
            // What the client has not taken yet holds the rest back.
            if clients[client.slot].transport.hasUnsent {
                setDeadline(client, .sending)
                upstreamDeadlines.clear(key.slot)
                return
            }
            if needsInput {
                guard readAnswer(key) else { return }
            }
            needsInput =
                upstreams[key.slot].isInBody ? relayBody(key, client) : relayHead(key, client)
        }
    }

    /// Reads more of an answer; false when there is none yet or never will be.
    @inline(__always)
    private mutating func readAnswer(_ key: UpstreamKey) -> Bool {
        let slot = key.slot
        guard !upstreams[slot].input.isFull else {
            upstreamFailed(key, .upstreamProtocol)
            return false
        }
        guard upstreams[slot].transport.canRead || upstreams[slot].transport.hasPending else {
            return answerIsOutstanding(slot)
        }
        let room = unsafe upstreams[slot].input.room(from: &buffers)
        switch unsafe upstreams[slot].transport.read(into: room, stage: stage, pool: &buffers) {
        case .bytes(let count):
            upstreams[slot].input.filled(count)
            if !upstreams[slot].hasAnswered {
                upstreams[slot].hasAnswered = true
                upstreams[slot].replay.release(to: &buffers)
            }
            return true
        case .wouldBlock: return answerIsOutstanding(slot)
        case .ended:
            upstreamEnded(key)
            return false
        case .failed:
            let isInAnswer = upstreams[slot].hasAnswered
            upstreamFailed(key, isInAnswer ? .upstreamAborted : .upstreamUnreachable)
            return false
        }
    }

    private mutating func answerIsOutstanding(_ slot: UInt32) -> Bool {
        upstreams[slot].input.releaseIfEmpty(to: &buffers)
        return false
    }

    /// Looks for the head of an answer and passes it on.
    ///
    /// - Returns: Whether more input is needed.
    @inline(__always)
    private mutating func relayHead(_ key: UpstreamKey, _ client: ClientKey) -> Bool {
        do throws(HeadFailure) {
            guard let length = try upstreams[key.slot].readHead(&answer) else { return true }
            if answer.isInterim {
                relayInterim(key, client, headBytes: length)
            } else {
                try beginAnswer(key, client, headBytes: length)
            }
        } catch {
            // Nothing of this answer has left: the client gets a whole one of ours.
            clients[client.slot].exchange.status = 0
            upstreamFailed(key, .upstreamProtocol)
        }
        return upstreams.contains(key) && upstreams[key.slot].input.isEmpty
            && upstreams[key.slot].needsInput
    }

    /// Passes an interim answer on to a client that knows them; `100 Continue` was ours to say.
    private mutating func relayInterim(_ key: UpstreamKey, _ client: ClientKey, headBytes: Int) {
        let slot = key.slot
        upstreams[slot].interimAnswers += 1
        guard answer.status != 101, upstreams[slot].interimAnswers <= UpstreamConnection.interimMax
        else {
            upstreamFailed(key, .upstreamProtocol)
            return
        }
        outbound.removeAll()
        if answer.status != 100 && !clients[client.slot].exchange.isHTTP10 {
            upstreams[slot].writeInterim(headBytes, answer, to: &outbound)
        }
        upstreams[slot].input.consume(headBytes)
        upstreams[slot].scanner = HeadScanner(.response)
        guard outbound.count > 0 else { return }
        let progress = clients[client.slot].transport.write(
            unsafe outbound.unowned,
            stage: stage,
            pool: &buffers
        )
        if progress == .failed { clientFailed(client, .clientClosed) }
    }

    /// Writes the head of a final answer and sends it with the body bytes that are here.
    @inline(__always)
    private mutating func beginAnswer(
        _ key: UpstreamKey,
        _ client: ClientKey,
        headBytes: Int
    ) throws(HeadFailure) {
        let slot = key.slot
        let framing = try answer.framing(forRequestMethod: clients[client.slot].exchange.method)
        clients[client.slot].noteAnswer(answer.status, framing)
        upstreams[slot].staysOpen =
            answer.keepAlive && framing != .untilClose
            && clients[client.slot].exchange.body.isComplete
        upstreams[slot].body = ResponseBody(framing)
        upstreams[slot].isInBody = true
        noteRedirect(key, client, headBytes: headBytes)
        tapAnswer(key, client, headBytes: headBytes)
        outbound.removeAll()
        clients[client.slot].writeHead(
            answer,
            unsafe upstreams[slot].input.unowned.extracting(0..<headBytes),
            to: &outbound
        )
        upstreams[slot].input.consume(headBytes)
        guard !outbound.overflowed else { throw .headersTooLarge }
        _ = sendBody(key, client)
    }

    /// Passes body bytes on; nothing of an answer waits in `outbound`.
    ///
    /// - Returns: Whether more input is needed.
    @inline(__always)
    private mutating func relayBody(_ key: UpstreamKey, _ client: ClientKey) -> Bool {
        outbound.removeAll()
        return sendBody(key, client)
    }

    /// Sends what is in `outbound` and the body bytes that are here, and ends the answer when
    /// these are the last.
    ///
    /// - Returns: Whether more input is needed.
    @inline(__always)
    private mutating func sendBody(_ key: UpstreamKey, _ client: ClientKey) -> Bool {
        let slot = key.slot
        let direct: Int
        do throws(ChunkedDecoder.Failure) {
            direct = try upstreams[slot].takeBody(
                clients[client.slot].exchange.framing,
                pool: &buffers,
                to: &outbound
            )
        } catch {
            if !upstreams[slot].isHeadSent { clients[client.slot].exchange.status = 0 }
            upstreamFailed(key, upstreams[slot].isHeadSent ? .upstreamAborted : .upstreamProtocol)
            return false
        }
        upstreams[slot].isHeadSent = true
        if upstreams[slot].body == .complete && direct == 0 {
            completeAnswer(key, client)
            return false
        }
        awaitAnswer(key)
        var progress = Transport.Progress.done
        if outbound.count > 0 {
            progress = clients[client.slot].transport.write(
                unsafe outbound.unowned,
                stage: stage,
                pool: &buffers
            )
        }
        if direct > 0 && progress != .failed {
            if upstreams[slot].body == .complete { recordAnswer(key, client) }
            progress = clients[client.slot].transport.write(
                unsafe upstreams[slot].input.unowned.extracting(0..<direct),
                stage: stage,
                pool: &buffers
            )
            upstreams[slot].input.consume(direct)
        }
        if progress == .failed {
            clientFailed(client, .clientClosed)
            return false
        }
        if upstreams[slot].body == .complete {
            endAnswer(key, client, progress)
            return false
        }
        return upstreams[slot].input.isEmpty || upstreams[slot].needsInput
    }

    /// Sends what is in `outbound` as the end of the answer.
    mutating func completeAnswer(_ key: UpstreamKey, _ client: ClientKey) {
        recordAnswer(key, client)
        var progress = Transport.Progress.done
        if outbound.count > 0 {
            progress = writeEnd(client.slot)
        }
        endAnswer(key, client, progress)
    }

    /// Writes the outcome before the last bytes leave, so that a client that has its answer finds
    /// its event.
    @inline(__always)
    private mutating func recordAnswer(_ key: UpstreamKey, _ client: ClientKey) {
        takeCaptured(key, client.slot)
        let status = clients[client.slot].exchange.status
        let upstreamStatus = clients[client.slot].exchange.upstreamStatus
        finish(client.slot, status: status, upstreamStatus: upstreamStatus)
    }

    private mutating func endAnswer(
        _ key: UpstreamKey,
        _ client: ClientKey,
        _ progress: Transport.Progress
    ) {
        clients[client.slot].exchange.upstream = nil
        if !clients[client.slot].exchange.body.isComplete { upstreams[key.slot].staysOpen = false }
        if !clients[client.slot].exchange.body.isReceived {
            clients[client.slot].closesAfterAnswer = true
        }
        releaseUpstream(key)
        answerIsSent(client, progress)
        if clients.contains(client), clients[client.slot].isReadyForMore { advance(client) }
    }
}

extension ClientConnection {
    /// Whether going on may find something to do: a request that came early, or an end.
    @inline(__always) var isReadyForMore: Bool {
        !input.isEmpty || transport.canRead || transport.hasPending || phase == .lingering
    }

    /// Writes the head of the upstream's answer as this client sees it.
    @inline(__always)
    mutating func writeHead(
        _ head: borrowing ResponseHead,
        _ bytes: Span<UInt8>,
        to output: inout OutputBuffer
    ) {
        ReturnedHead.write(
            head,
            bytes,
            exchange: exchange,
            isLast: closesAfterAnswer,
            noStore: exchange.noStore,
            to: &output
        )
    }

    /// Takes note of the status and works out how the body is framed towards the client.
    @inline(__always)
    mutating func noteAnswer(_ status: Int, _ framing: BodyFraming) {
        exchange.upstreamStatus = status
        exchange.status = exchange.statusToClient(of: status)
        switch framing {
        case .none, .length: exchange.framing = .asDeclared
        case .chunked, .untilClose:
            exchange.framing = exchange.isHTTP10 ? .untilClose : .chunked
            if exchange.isHTTP10 { closesAfterAnswer = true }
        }
        // The client still sends a body that the upstream did not wait for.
        if !exchange.body.isReceived { closesAfterAnswer = true }
    }
}

extension UpstreamConnection {
    /// The most interim answers to one request.
    static let interimMax = 16

    /// Takes the next head apart; `nil` while it is not complete.
    @inline(__always)
    mutating func readHead(_ head: inout ResponseHead) throws(HeadFailure) -> Int? {
        let bytes = unsafe input.unowned
        guard let length = try scanner.scan(bytes, limits: HeadLimits()) else { return nil }
        try head.parse(bytes.extracting(0..<length))
        return length
    }

    mutating func writeInterim(
        _ headBytes: Int,
        _ head: borrowing ResponseHead,
        to output: inout OutputBuffer
    ) {
        ReturnedHead.writeInterim(head, unsafe input.unowned.extracting(0..<headBytes), to: &output)
    }

    /// Takes the body bytes that are here: small ones into `output`, many where they are.
    ///
    /// - Returns: How many bytes at the front of the buffer are to be sent as they are, after
    ///   what is in `output`.
    @inline(__always)
    mutating func takeBody(
        _ framing: Exchange.Framing,
        pool: inout BufferPool,
        to output: inout OutputBuffer
    ) throws(ChunkedDecoder.Failure) -> Int {
        switch body {
        case .complete: return 0
        case .length(let remaining):
            let room = max(0, GatewayLoop.writeBytesMax - output.count)
            let count = Int(min(remaining, UInt64(min(input.count, room))))
            let left = remaining - UInt64(count)
            body = left == 0 ? .complete : .length(remaining: left)
            tap.take(unsafe input.unowned.extracting(0..<count), pool: &pool)
            guard output.count + count <= GatewayLoop.gatherBytesMax else { return count }
            output.append(unsafe input.unowned.extracting(0..<count))
            input.consume(count)
            return 0
        case .chunked(let decoder):
            try takeChunks(decoder, framing, pool: &pool, to: &output)
            return 0
        case .untilClose:
            let count = min(input.count, GatewayLoop.writeBytesMax - 32 - output.count)
            guard count > 0 else { return 0 }
            tap.take(unsafe input.unowned.extracting(0..<count), pool: &pool)
            if framing == .chunked { HeadWriter.appendChunkSize(count, to: &output) }
            output.append(unsafe input.unowned.extracting(0..<count))
            if framing == .chunked { output.append("\r\n") }
            input.consume(count)
            return 0
        }
    }

    /// Moves chunks from the buffer to `output`, as many as fit.
    private mutating func takeChunks(
        _ decoder: ChunkedDecoder,
        _ framing: Exchange.Framing,
        pool: inout BufferPool,
        to output: inout OutputBuffer
    ) throws(ChunkedDecoder.Failure) {
        var decoder = decoder
        needsInput = false
        while output.count < GatewayLoop.writeBytesMax - 64 {
            let window = unsafe input.unowned.extracting(
                first: GatewayLoop.writeBytesMax - 64 - output.count
            )
            switch try decoder.next(window) {
            case .body(let range):
                if framing == .chunked { HeadWriter.appendChunkSize(range.count, to: &output) }
                output.append(window.extracting(range))
                if framing == .chunked { output.append("\r\n") }
                tap.take(window.extracting(range), pool: &pool)
                input.consume(range.upperBound)
            case .trailer(let field, let consumed):
                if framing == .chunked { appendTrailer(field, window, to: &output) }
                input.consume(consumed)
            case .needsInput(let consumed):
                let isAll = window.count == input.count
                input.consume(consumed)
                if isAll || consumed == 0 {
                    needsInput = isAll
                    body = .chunked(decoder)
                    return
                }
            case .finished(let consumed):
                input.consume(consumed)
                if framing == .chunked {
                    output.append(hasTrailer ? "\r\n" : "0\r\n\r\n")
                }
                body = .complete
                return
            }
        }
        body = .chunked(decoder)
    }

    /// Passes a trailer field on when it is one that may stand there.
    private mutating func appendTrailer(
        _ field: Field,
        _ window: Span<UInt8>,
        to output: inout OutputBuffer
    ) {
        guard FieldName.mayStandInTrailer(window.extracting(field.name)) else { return }
        if !hasTrailer {
            output.append("0\r\n")
            hasTrailer = true
        }
        HeadWriter.appendField(field, of: window, to: &output)
    }
}
