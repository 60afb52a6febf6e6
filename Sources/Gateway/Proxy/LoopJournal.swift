import HTTP
import Policy

/// The journal as one loop uses it: which event belongs to which step of a request.
struct LoopJournal: ~Copyable {
    /// `nil` when the configuration names no journal.
    private var writer: JournalWriter?

    /// Events of each route of each tenant, made when first needed.
    private var scopes: [[EventScope?]] = []
    private var refusalScopes: [Int: RefusalScope] = [:]

    /// What only a START has in its `data`, for the one in hand.
    private var details = OutputBuffer(capacity: EventLimits.detailsBytesMax)

    /// The scopes that each tenant's policies ask for, made when first needed.
    private var askedScopes: [AskedScopes?] = []
    private var lastTick: Int64 = 0

    /// How much the events of each tenant tell, by its name.
    private var levels: [String: Int] = [:]

    /// Whether this loop writes the summaries of what was only counted.
    private let writesSummaries: Bool

    /// Whether requests wait for `commit` before they go on.
    let commits: Bool

    init(writer: consuming JournalWriter?, writesSummaries: Bool, commits: Bool) {
        self.commits = commits
        self.writer = writer
        self.writesSummaries = writesSummaries
    }

    /// Forgets what was made for an earlier configuration.
    mutating func adopt(_ snapshot: Snapshot) {
        scopes = Array(repeating: [], count: snapshot.tenants.count)
        refusalScopes = [:]
        askedScopes = Array(repeating: nil, count: snapshot.tenants.count)
        levels = Dictionary(
            snapshot.tenants.map { ($0.name, $0.level) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Writes the START of a request on a route that has an event family.
    ///
    /// - Returns: The proof that forwarding asks for; `nil` when the START cannot be written and
    ///   the configuration does not let the call pass all the same.
    @inline(__always)
    mutating func start(
        _ exchange: inout Exchange,
        method: Span<UInt8>,
        address: AddressText,
        principal: Principal?,
        template: Int32,
        captured: [UInt8],
        _ now: LoopTime
    ) -> StartProof? {
        guard let scope = scope(of: exchange) else { return StartProof() }
        writeDetails(exchange, template, principal)
        return start(
            scope,
            &exchange,
            method: method,
            address: address,
            principal: principal,
            details: unsafe details.unowned,
            captured: captured,
            now
        )
    }

    /// Writes a START whose scope was asked for before: the configuration may be another by now.
    mutating func start(
        _ scope: EventScope?,
        _ exchange: inout Exchange,
        method: Span<UInt8>,
        address: AddressText,
        principal: Principal?,
        details: Span<UInt8>,
        captured: [UInt8],
        _ now: LoopTime
    ) -> StartProof? {
        guard let scope else { return StartProof() }
        do throws(JournalUnavailable) {
            let client = principal?.client ?? []
            exchange.receipt = try writer?.start(
                scope,
                request: exchange.requestID,
                address: address,
                client: client.span,
                method: method,
                details: details,
                captured: captured.span,
                atMilliseconds: now.unixMilliseconds
            )
            return StartProof()
        } catch {
            let isOpen = exchange.snapshot?.configuration.analytics.onFailure == .open
            return isOpen ? StartProof() : nil
        }
    }

    /// What the START of a request would be written with; `nil` when it gets none.
    @inline(__always)
    mutating func scope(of exchange: borrowing Exchange) -> EventScope? {
        guard let snapshot = exchange.snapshot, writer != nil,
            prepareScope(exchange.tenant, exchange.route, snapshot)
        else { return nil }
        return scopes[exchange.tenant][exchange.route]
    }

    /// What only a START tells, for one that is written later.
    mutating func copiedDetails(
        of exchange: borrowing Exchange,
        template: Int32,
        _ principal: Principal?
    ) -> [UInt8] {
        writeDetails(exchange, template, principal)
        return details.span.copied
    }

    /// Writes the outcome of a request, if it has a START without one.
    @inline(__always)
    mutating func finish(
        _ exchange: inout Exchange,
        outcome: EventOutcome,
        captured: [UInt8],
        _ now: LoopTime
    ) {
        guard let receipt = exchange.receipt.take() else { return }
        var outcome = outcome
        outcome.shadow = exchange.shadow?.difference
        writer?.finish(
            receipt,
            outcome: outcome,
            captured: captured.span,
            durationMicroseconds: now.microseconds - exchange.began,
            atMilliseconds: now.unixMilliseconds
        )
    }

    /// Writes the one event of a request that was refused before its START.
    mutating func refuse(
        _ refusal: Refusal,
        _ exchange: borrowing Exchange,
        method: Span<UInt8>,
        address: AddressText,
        _ now: LoopTime
    ) {
        guard writer != nil, let snapshot = exchange.snapshot else { return }
        let scope = refusalScope(tenant: exchange.tenant, route: exchange.route, snapshot)
        writer?.refuse(
            scope,
            status: refusal.status,
            code: refusal.code,
            shadow: exchange.shadow?.difference,
            meter: snapshot.meter(ofTenant: exchange.tenant),
            request: exchange.requestID,
            address: address,
            method: method,
            atMilliseconds: now.unixMilliseconds
        )
    }

    /// Writes an event that is tied to no request.
    mutating func record(_ event: GatewayEvent, _ now: LoopTime) {
        let level = levels[event.tenant] ?? 2
        writer?.record(event, level: level, atMilliseconds: now.unixMilliseconds)
    }

    /// Does what is due once a second.
    @inline(__always)
    mutating func tick(_ now: LoopTime, snapshot: Snapshot) {
        guard now.milliseconds - lastTick >= 1_000 else { return }
        lastTick = now.milliseconds
        writer?.tick(atMilliseconds: now.unixMilliseconds)
        if writesSummaries { flushSummaries(now, snapshot) }
    }

    /// Waits until the STARTs of all requests of the turn are on the disk.
    ///
    /// - Returns: Whether they are; always true when requests need not wait.
    mutating func commit(_ now: LoopTime) -> Bool {
        writer?.commit(atMilliseconds: now.unixMilliseconds) ?? true
    }

    mutating func close(_ now: LoopTime) {
        writer?.close(atMilliseconds: now.unixMilliseconds)
    }

    private mutating func flushSummaries(_ now: LoopTime, _ snapshot: Snapshot) {
        guard writer != nil else { return }
        for tenant in -1..<snapshot.tenants.count {
            let meter = snapshot.meter(ofTenant: tenant)
            let scope = refusalScope(tenant: tenant, route: -1, snapshot)
            writer?.flush(scope, meter: meter, atMilliseconds: now.unixMilliseconds)
        }
    }

    private mutating func refusalScope(
        tenant: Int,
        route: Int,
        _ snapshot: Snapshot
    ) -> RefusalScope {
        let index = (tenant + 1) * (snapshot.policy.routes.count + 1) + route + 1
        if let scope = refusalScopes[index] { return scope }
        let scope = RefusalScope(
            tenant: tenant < 0 ? nil : snapshot.tenants[tenant].name,
            route: route < 0 ? nil : snapshot.policy.routes[route].name,
            level: snapshot.level(ofTenant: tenant)
        )
        refusalScopes[index] = scope
        return scope
    }

    /// Writes what only a START tells, so that the call can be decided again: the template of its
    /// path, never the path, and of its caller what policies ask for, but no claim.
    @inline(__always)
    private mutating func writeDetails(
        _ exchange: borrowing Exchange,
        _ template: Int32,
        _ principal: Principal?
    ) {
        details.removeAll()
        guard let snapshot = exchange.snapshot, template >= 0,
            snapshot.level(ofTenant: exchange.tenant) > 1
        else { return }
        details.append(snapshot.eventPaths[Int(template)])
        guard let principal else { return }
        let tenant = exchange.tenant
        if askedScopes[tenant] == nil { makeAskedScopes(tenant, snapshot) }
        if let scopes = askedScopes[tenant] { details.append(caller: principal, scopes) }
    }

    @inline(never)
    private mutating func makeAskedScopes(_ tenant: Int, _ snapshot: Snapshot) {
        askedScopes[tenant] = AskedScopes(
            snapshot.policy.conditions(ofTenant: tenant),
            shadow: snapshot.shadow?.conditions(ofTenant: tenant) ?? []
        )
    }

    /// Makes the events of a route ready; false when the route has none.
    @inline(__always)
    private mutating func prepareScope(_ tenant: Int, _ route: Int, _ snapshot: Snapshot) -> Bool {
        if route < scopes[tenant].count, scopes[tenant][route] != nil { return true }
        return makeScope(tenant, route, snapshot)
    }

    private mutating func makeScope(_ tenant: Int, _ route: Int, _ snapshot: Snapshot) -> Bool {
        guard let family = snapshot.policy.routes[route].eventFamily else { return false }
        while scopes[tenant].count <= route { scopes[tenant].append(nil) }
        scopes[tenant][route] = EventScope(
            tenant: snapshot.tenants[tenant].name,
            family: String(decoding: family, as: UTF8.self),
            route: snapshot.policy.routes[route].name,
            level: snapshot.level(ofTenant: tenant)
        )
        return true
    }
}

/// The journal's word that a request may go on: its START is written, or none is wanted.
///
/// Only `LoopJournal` makes one.
struct StartProof: ~Copyable {
    fileprivate init() {}
}
