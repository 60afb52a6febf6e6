import Policy

/// Decides the calls of a journal again under another configuration.
///
/// It reads the files of the journal once, oldest first, beside a gateway that may be writing them.
/// A call is its START and its outcome; both of one call have the last half of their `id` in common.
struct JournalReplay: ~Copyable {
    private let tenants: [Configuration.Tenant]
    private let tenantNumbers: [String: Int]
    private let policy: CompiledPolicy

    /// No call that began later counts, in milliseconds since 1970.
    private let until: Int64?

    /// The STARTs without an outcome so far, by the half that it will share.
    private var open: [UInt64: RecordedStart] = [:]

    /// Where calls go, by method and template.
    private var routes: [RouteKey: ReplayedRoute] = [:]

    /// What has come out so far; complete when `read` has returned.
    private(set) var report = ReplayReport()

    /// The most STARTs that wait for their outcome at once; a further one is not decided.
    static let openMax = 262_144

    /// The most methods and templates whose route is remembered.
    static let routesMax = 8_192

    private struct RouteKey: Hashable {
        let method: String
        let template: String
    }

    /// - Parameters:
    ///   - tenants: Those of the new configuration.
    ///   - policy: Its policy.
    ///   - until: The latest time of a START, in milliseconds since 1970; `nil` for none.
    init(_ tenants: [Configuration.Tenant], _ policy: CompiledPolicy, until: Int64?) {
        self.tenants = tenants
        self.policy = policy
        self.until = until.map { EventKey.time(milliseconds: $0) }
        let names = tenants.map(\.name)
        tenantNumbers = Dictionary(
            zip(names, names.indices),
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Reads the journal at `path` to its end.
    mutating func read(
        _ path: String,
        _ filter: EventListing.Filter
    ) throws(JournalFailure) {
        try EventListing.run(
            journalPath: path,
            filter: filter,
            follows: false,
            emit: { take(Array($0)) },
            isStopped: { false }
        )
        for start in open.values { report.add(unfinished: start) }
        open = [:]
    }

    /// Takes the next event in; a line that is none does not count.
    mutating func take(_ line: [UInt8]) {
        guard let event = EventLine(line.span) else { return }
        let type = line[event.type]
        if type.elementsEqual("GATEWAY_REQUEST_REFUSED".utf8) {
            report.refusedCount += 1
        } else if type.elementsEqual("GATEWAY_REQUESTS_REFUSED".utf8) {
            report.refusedCount += RecordedStart.count(of: line, event) ?? 1
        } else if line.span.ends(with: "_START", in: event.type) {
            begin(line, event)
        } else if line.span.ends(with: "_SUCCESS", in: event.type) {
            end(line, event, succeeded: true)
        } else if line.span.ends(with: "_FAIL", in: event.type) {
            end(line, event, succeeded: false)
        }
    }

    private mutating func begin(_ line: [UInt8], _ event: EventLine) {
        let key = EventKey(event, in: line.span)
        if let until, key.time > until { return }
        let start = RecordedStart(line, event)
        guard open.count < Self.openMax else {
            report.add(unfinished: start)
            return
        }
        // A START whose outcome was lost, when its place was taken by another.
        if let lost = open.updateValue(start, forKey: key.pair) { report.add(unfinished: lost) }
    }

    private mutating func end(_ line: [UInt8], _ event: EventLine, succeeded: Bool) {
        let key = EventKey(event, in: line.span)
        // The outcome of a call that began before the time asked for.
        guard let start = open.removeValue(forKey: key.pair) else { return }
        guard let old = RecordedVerdict(line, event, succeeded: succeeded) else {
            report.add(start, unknown: "recorded without data (level 1)")
            return
        }
        switch answer(start) {
        case .allow: report.add(start, from: old, to: [ReplayedAnswer.allowWord])
        case .refuse(let codes): report.add(start, from: old, to: codes)
        case .unknown(let why): report.add(start, unknown: why)
        }
    }

    /// What the new configuration answers.
    private mutating func answer(_ start: RecordedStart) -> ReplayedAnswer {
        guard let tenant = tenantNumbers[start.tenant] else { return .refuse(["tenant-unknown"]) }
        let state = tenants[tenant].state
        guard state != .suspended, state != .closed else { return .refuse(["tenant-suspended"]) }
        switch start.contents {
        case .incomplete(let why): return .unknown(why)
        case .call(let call):
            switch route(call) {
            case .unknown(let why): return .unknown(why)
            case .refuse(let code): return .refuse([code])
            case .route(let route):
                let changes = !MethodCode(name: call.method).isSafe
                if state == .readOnly, changes { return .refuse(["tenant-read-only"]) }
                return policy.replay(call, route: route, tenant: tenant)
            }
        }
    }

    private mutating func route(_ call: RecordedCall) -> ReplayedRoute {
        let key = RouteKey(method: call.method, template: call.template)
        if let route = routes[key] { return route }
        let route = policy.route(method: call.method, template: call.template)
        if routes.count < Self.routesMax { routes[key] = route }
        return route
    }
}

extension EventKey {
    /// What a START and its outcome have in common.
    fileprivate var pair: UInt64 { UInt64(truncatingIfNeeded: id) }
}
