import Policy

/// What one loop counts.
///
/// Only its own thread writes; others get copies.
struct LoopMetrics: Sendable {
    enum Outcome: Int, CaseIterable, Sendable {
        case succeeded
        case failed
        case refused
    }

    /// Upper bounds of the latency histogram, in microseconds.
    static let durationBounds: [Int64] = [
        500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
        2_500_000, 5_000_000, 10_000_000,
    ]

    var connectionsAccepted = 0
    var connectionsRefused = 0
    var acceptFailures = 0
    var handshakeFailures = 0

    /// By upstream: connections made, requests over kept-alive ones, requests, and failures by
    /// `Refusal.rawValue`.
    var upstreamConnects: [Int] = []
    var upstreamReuses: [Int] = []
    var upstreamRequests: [Int] = []
    var upstreamFailures: [[Int]] = []

    /// Refusals, by `Refusal.rawValue`.
    private(set) var refusals = [Int](repeating: 0, count: Refusal.allCases.count)

    /// One count for each bound and one for what lies above the last.
    private(set) var durations = [Int](repeating: 0, count: LoopMetrics.durationBounds.count + 1)
    private(set) var durationMicroseconds: Int64 = 0

    /// Requests by tenant, route and outcome; a tenant's counts are made with its first request.
    private(set) var requests: [[Int]] = []

    /// What the shadow policy said.
    private(set) var shadow = ShadowCounts()

    /// The configuration that tenants, routes and upstreams are numbered by.
    private(set) var snapshot: Snapshot?

    /// Goes on counting under a new configuration; what has kept its name keeps its counts.
    mutating func adopt(_ snapshot: Snapshot, replacing old: Snapshot) {
        let isSamePolicy = old.policy.routes.map(\.name) == snapshot.policy.routes.map(\.name)
        var moved = [[Int]](repeating: [], count: snapshot.tenants.count)
        for (tenant, counts) in requests.enumerated() where !counts.isEmpty {
            guard let place = snapshot.tenantPlaces[old.tenants[tenant].name] else { continue }
            moved[place] =
                isSamePolicy
                ? counts : Self.move(counts, from: old.policy, to: snapshot.routePlaces)
        }
        requests = moved
        shadow.adopt(snapshot, replacing: old)
        self.snapshot = snapshot
        adoptUpstreams(snapshot, replacing: old)
    }

    private mutating func adoptUpstreams(_ snapshot: Snapshot, replacing old: Snapshot) {
        let known = Snapshot.places(of: old.upstreams.map(\.name))
        let places = snapshot.upstreams.map { upstream in
            known[upstream.name].flatMap { $0 < upstreamRequests.count ? $0 : nil }
        }
        let none = [Int](repeating: 0, count: Refusal.allCases.count)
        upstreamConnects = places.map { place in place.map { upstreamConnects[$0] } ?? 0 }
        upstreamReuses = places.map { place in place.map { upstreamReuses[$0] } ?? 0 }
        upstreamRequests = places.map { place in place.map { upstreamRequests[$0] } ?? 0 }
        upstreamFailures = places.map { place in place.map { upstreamFailures[$0] } ?? none }
    }

    private static func move(
        _ counts: [Int],
        from policy: CompiledPolicy,
        to routes: [String: Int]
    ) -> [Int] {
        let width = Outcome.allCases.count
        var moved = [Int](repeating: 0, count: routes.count * width)
        for route in policy.routes.indices {
            guard let place = routes[policy.routes[route].name] else { continue }
            for outcome in 0..<width where route * width + outcome < counts.count {
                moved[place * width + outcome] = counts[route * width + outcome]
            }
        }
        return moved
    }

    @inline(__always)
    mutating func countRefusal(_ refusal: Refusal) { refusals[Int(refusal.rawValue)] += 1 }

    /// Counts one request that has ended.
    @inline(__always)
    mutating func count(_ exchange: borrowing Exchange, _ outcome: Outcome, _ now: LoopTime) {
        countDuration(now.microseconds - exchange.began)
        guard exchange.tenant >= 0, exchange.snapshot === snapshot else { return }
        if exchange.shadow != nil { shadow.count(exchange) }
        guard exchange.route >= 0 else { return }
        let place = exchange.route * Outcome.allCases.count + outcome.rawValue
        if place < requests[exchange.tenant].count {
            requests[exchange.tenant][place] += 1
        } else if let snapshot = exchange.snapshot {
            makeCounts(exchange.tenant, snapshot.policy.routes.count, place)
        }
    }

    private mutating func makeCounts(_ tenant: Int, _ routes: Int, _ place: Int) {
        let wanted = routes * Outcome.allCases.count
        while requests[tenant].count < wanted { requests[tenant].append(0) }
        if place < requests[tenant].count { requests[tenant][place] += 1 }
    }

    @inline(__always)
    private mutating func countDuration(_ microseconds: Int64) {
        durationMicroseconds += microseconds
        var bucket = 0
        while bucket < Self.durationBounds.count, microseconds > Self.durationBounds[bucket] {
            bucket += 1
        }
        durations[bucket] += 1
    }
}

/// The numbers of one loop at one moment.
struct LoopReport: Sendable {
    var metrics: LoopMetrics
    var snapshotGeneration: ObjectIdentifier
    var clientsOpen = 0
    var idleByUpstream: [Int] = []
    var activeByUpstream: [Int] = []

    /// Servers that could not be reached a moment ago.
    var restingServers: [String] = []
    var tokenHits = 0
    var tokenMisses = 0
    var tokenEntries = 0
}
