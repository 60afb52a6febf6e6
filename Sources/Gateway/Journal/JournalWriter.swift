import HTTP
import Synchronization

/// Writes the events of one loop into its segments.
///
/// An append copies bytes into a mapped file: no system call and no allocation. A START is only
/// written when there is room for its outcome as well, which is then kept for it; so an outcome
/// can always be written, also when the disk is full. One thread at a time may use a writer.
struct JournalWriter: ~Copyable {
    private let port: JournalPort
    private let durability: Configuration.Durability
    private var segments: SegmentWriter
    private var open = OpenStarts()
    private var stamp: EventStamp
    private var events = 0

    init(port: JournalPort) {
        self.port = port
        durability = port.settings.durability
        segments = SegmentWriter(port: port)
        var random = SystemRandomNumberGenerator()
        stamp = EventStamp(node: random.next())
    }

    /// How many requests have a START and no outcome.
    var openStarts: Int { open.count }

    /// Writes the START of a request and keeps room for its outcome.
    ///
    /// With `durability power` the request must not go on before `commit` says that the START is on
    /// the disk.
    ///
    /// - Parameters:
    ///   - scope: The tenant's and route's part of the event.
    ///   - request: The request's identifier.
    ///   - address: The client's address.
    ///   - client: The client of a validated token; empty on routes without one.
    ///   - method: The request's method.
    ///   - details: What only a START has in its `data`: members, each with a comma before it.
    ///   - captured: Members of `data` that the policy captures, each behind a comma; at most
    ///     `EventLimits.capturedBytesMax` bytes. Neither is written at level 1.
    ///   - now: Milliseconds since 1970.
    /// - Returns: The duty to `finish` the request.
    /// - Throws: Why the START is not in the journal.
    mutating func start(
        _ scope: borrowing EventScope,
        request: borrowing RequestID,
        address: borrowing AddressText,
        client: Span<UInt8>,
        method: Span<UInt8>,
        details: Span<UInt8> = Span(),
        captured: Span<UInt8> = Span(),
        atMilliseconds now: Int64
    ) throws(JournalUnavailable) -> StartReceipt {
        let partsMax = OpenStarts.partsBytesMax(
            scope,
            request: request,
            client: client,
            method: method
        )
        let lineMax = partsMax + details.count + EventLimits.tailBytesMax
        do {
            // The line, and the same without what is captured for the outcome.
            try segments.ensureRoom(lineMax * 2 + captured.count, atMilliseconds: now)
        } catch {
            throw countFailure(error)
        }
        guard let receipt = open.open(bytesMax: partsMax) else { throw countFailure(.tooManyOpen) }
        let slot = receipt.slot
        open.fill(
            slot,
            scope,
            request: request,
            address: address,
            client: client,
            method: method
        )
        // A recovery writes the details again, behind the last START.
        let reserve = open[slot].detailsEnd + details.count + EventLimits.tailBytesMax
        open[slot].reservedBytes = reserve
        open[slot].segment = segments.reserve(reserve)

        stamp.advance(to: now, slot: slot)
        var line = segments.beginLine(lineMax + captured.count)
        append("START", of: slot, to: &line)
        if open[slot].hasData {
            line.append(details)
            line.append(captured)
        }
        line.append(open[slot].hasData ? "}}\n" : "}\n")
        endLine(line)
        return receipt
    }

    /// Writes the SUCCESS or FAIL of a request that has begun.
    ///
    /// - Parameters:
    ///   - receipt: What `start` gave.
    ///   - outcome: How the request ended.
    ///   - captured: Members of `data` that the policy captures, as of `start`. They are left out
    ///     when the disk is full: room is kept only for the outcome itself.
    ///   - duration: Microseconds since the request began.
    ///   - now: Milliseconds since 1970.
    mutating func finish(
        _ receipt: consuming StartReceipt,
        outcome: EventOutcome,
        captured: Span<UInt8> = Span(),
        durationMicroseconds duration: Int64,
        atMilliseconds now: Int64
    ) {
        guard open.holds(receipt) else { return }
        finish(slot: receipt.slot, outcome, keeps(captured, now) ? captured : Span(), duration, now)
    }

    /// Writes the one event of a request that was refused before a START.
    ///
    /// Beyond 100 a second of one meter, refusals are only counted; `flush` writes their sum.
    ///
    /// - Parameters:
    ///   - refusal: The tenant's and route's part of the event.
    ///   - status: The status that the client gets.
    ///   - code: The refusal's code, from the program's own table.
    ///   - shadow: What a shadow policy would have answered, where that is something else.
    ///   - meter: The meter of the tenant, or the one for requests without a tenant.
    ///   - request: The request's identifier.
    ///   - address: The client's address.
    ///   - method: The request's method.
    ///   - now: Milliseconds since 1970.
    mutating func refuse(
        _ refusal: borrowing RefusalScope,
        status: Int,
        code: StaticString,
        shadow: StaticString? = nil,
        meter: borrowing RefusalMeter,
        request: borrowing RequestID,
        address: borrowing AddressText,
        method: Span<UInt8>,
        atMilliseconds now: Int64
    ) {
        let admission = meter.admit(atMilliseconds: now)
        if admission.countedBefore > 0 {
            writeSummary(refusal, count: admission.countedBefore, now)
        }
        guard admission.isAdmitted, hasRoom(EventLimits.ownLineBytesMax, now) else { return }
        var line = beginRefusal("GATEWAY_REQUEST_REFUSED", refusal, now)
        line.append(",\"requestId\":\"")
        line.append(request.span)
        line.append(UInt8(ascii: "\""))
        if address.count > 0 {
            line.append(",\"requestIp\":\"")
            line.append(address.span)
            line.append(UInt8(ascii: "\""))
        }
        if refusal.level > 1 {
            line.append(refusal.details)
            line.append("\"method\":\"")
            line.append(jsonEscaped: method, bytesMax: EventLimits.methodBytesMax)
            line.append("\",\"status\":")
            line.append(decimal: status)
            line.append(",\"code\":\"")
            line.append(code)
            line.append("\"")
            line.append(shadow: shadow)
            line.append("}")
        }
        line.append("}\n")
        endLine(line)
    }

    /// Writes the sum of the refusals that `refuse` only counted, when their second is over.
    ///
    /// One loop calls it for each meter, once a second.
    mutating func flush(
        _ refusal: borrowing RefusalScope,
        meter: borrowing RefusalMeter,
        atMilliseconds now: Int64
    ) {
        let count = meter.takeCounted(atMilliseconds: now)
        if count > 0 { writeSummary(refusal, count: count, now) }
    }

    /// Writes an event that is tied to no request.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - level: How much the events of its tenant tell.
    ///   - now: Milliseconds since 1970.
    mutating func record(_ event: GatewayEvent, level: Int, atMilliseconds now: Int64) {
        guard hasRoom(EventLimits.ownLineBytesMax, now) else { return }
        let scope = RefusalScope(tenant: event.tenant, route: nil, level: level)
        var line = beginRefusal(event.type, scope, now)
        if level > 1 {
            line.append(",\"data\":{\"reason\":\"")
            line.append(event.reason)
            line.append("\"}")
        }
        line.append("}\n")
        endLine(line)
    }

    /// Does what is due with time; every loop calls it once a second.
    mutating func tick(atMilliseconds now: Int64) {
        if segments.isAged(atMilliseconds: now) { segments.turnOver(atMilliseconds: now) }
        publish()
    }

    /// With `durability power`, waits until all that was written is on the disk.
    ///
    /// A loop calls it once a turn, for all requests of the turn.
    ///
    /// - Returns: Whether it is. When not, the next segment is begun: what the kernel could not
    ///   write it may have forgotten, and would not say so a second time.
    mutating func commit(atMilliseconds now: Int64) -> Bool {
        guard durability == .power, !segments.synchronize() else { return true }
        _ = countFailure(.notSynchronized)
        segments.turnOver(atMilliseconds: now)
        return false
    }

    /// Writes a FAIL of type `gateway-stopped` for every open request and gives the segment up.
    ///
    /// Receipts that are left are void afterwards.
    mutating func close(atMilliseconds now: Int64) {
        for slot in 0..<open.slotCount where open.isOpen(slot) {
            finish(slot: slot, .gatewayStopped, Span(), 0, now)
        }
        segments.close()
        publish()
    }
}

extension JournalWriter {
    private mutating func finish(
        slot: Int,
        _ outcome: EventOutcome,
        _ captured: Span<UInt8>,
        _ duration: Int64,
        _ now: Int64
    ) {
        let reserve = open[slot].reservedBytes
        let number = open[slot].segment
        segments.release(reserve)
        stamp.advance(to: now, slot: slot)
        var line = segments.beginLine(reserve + captured.count)
        append(outcome.isSuccess ? "SUCCESS" : "FAIL", of: slot, to: &line)
        let hasData = open[slot].hasData
        if hasData { line.append(outcome, durationMicroseconds: duration) }
        line.append(captured)
        line.append(hasData ? "}}\n" : "}\n")
        open.close(slot)
        endLine(line)
        segments.completeStart(of: number)
    }

    /// Appends `"id":...` and all that START and outcome share.
    @inline(__always)
    private func append(_ phase: StaticString, of slot: Int, to line: inout OutputBuffer) {
        let typeEnd = open[slot].typeEnd
        let categoryEnd = open[slot].categoryEnd
        let end = open[slot].detailsEnd
        line.append("\"id\":\"")
        line.append(stamp.id.span)
        open.append(0..<typeEnd, of: slot, to: &line)
        line.append(phase)
        open.append(typeEnd..<categoryEnd, of: slot, to: &line)
        line.append(stamp.timestamp.span)
        open.append(categoryEnd..<end, of: slot, to: &line)
    }

    private mutating func writeSummary(
        _ refusal: borrowing RefusalScope,
        count: Int,
        _ now: Int64
    ) {
        guard hasRoom(EventLimits.ownLineBytesMax, now) else { return }
        var line = beginRefusal("GATEWAY_REQUESTS_REFUSED", refusal, now)
        line.append(",\"data\":{\"count\":")
        line.append(decimal: count)
        line.append("}}\n")
        endLine(line)
    }

    /// Begins an event of the gateway's own: all up to the tenant.
    private mutating func beginRefusal(
        _ type: StaticString,
        _ refusal: borrowing RefusalScope,
        _ now: Int64
    ) -> OutputBuffer {
        stamp.advance(to: now, slot: EventStamp.slotNone)
        var line = segments.beginLine(EventLimits.ownLineBytesMax)
        line.append("\"id\":\"")
        line.append(stamp.id.span)
        line.append("\",\"type\":\"")
        line.append(type)
        line.append("\",\"category\":\"gateway\",\"version\":\"1\",\"timestamp\":\"")
        line.append(stamp.timestamp.span)
        line.append(UInt8(ascii: "\""))
        line.append(refusal.tenant)
        return line
    }

    /// Whether there is room for what is captured besides the room that is kept for outcomes.
    private mutating func keeps(_ captured: Span<UInt8>, _ now: Int64) -> Bool {
        if captured.isEmpty { return false }
        return (try? segments.ensureRoom(captured.count, atMilliseconds: now)) != nil
    }

    /// Whether an event that is not tied to a START can be written; counts it when not.
    private mutating func hasRoom(_ byteCount: Int, _ now: Int64) -> Bool {
        do {
            try segments.ensureRoom(byteCount, atMilliseconds: now)
            return true
        } catch {
            port.counters.lostEvents.wrappingAdd(1, ordering: .relaxed)
            return false
        }
    }

    @inline(__always)
    private mutating func endLine(_ line: consuming OutputBuffer) {
        segments.endLine(line)
        events &+= 1
        publish()
    }

    /// Shows the counts to other threads; this thread alone writes them.
    @inline(__always)
    private func publish() {
        let counters = port.counters
        counters.events.store(events, ordering: .relaxed)
        counters.bytes.store(segments.bytes, ordering: .relaxed)
        counters.openStarts.store(open.count, ordering: .relaxed)
    }

    private func countFailure(_ failure: JournalUnavailable) -> JournalUnavailable {
        port.counters.failures.wrappingAdd(1, ordering: .relaxed)
        return failure
    }
}
