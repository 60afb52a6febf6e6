import Policy

extension MetricsSnapshot {
    /// Adds up what the loops counted.
    mutating func add(_ reports: [LoopReport], _ snapshot: Snapshot) {
        let bounds = LoopMetrics.durationBounds
        requestDuration.bounds = bounds.map { Double($0) / 1e6 }
        requestDuration.counts = Array(repeating: 0, count: bounds.count + 1)
        for report in reports {
            for (index, count) in report.metrics.durations.enumerated() {
                requestDuration.counts[index] += UInt64(count)
            }
            requestDuration.sumSeconds += Double(report.metrics.durationMicroseconds) / 1e6
            addClients(report)
            tokenCache.hits += UInt64(report.tokenHits)
            tokenCache.misses += UInt64(report.tokenMisses)
            tokenCache.entries += UInt64(report.tokenEntries)
        }
        // A loop that has not taken over the present configuration numbers tenants differently.
        let present = reports.filter { $0.snapshotGeneration == ObjectIdentifier(snapshot) }
        addRequests(present, snapshot)
        addShadow(present, snapshot)
        addRefusals(reports)
        addUpstreams(present, snapshot)
    }

    private mutating func addClients(_ report: LoopReport) {
        clients.open += UInt64(report.clientsOpen)
        clients.accepted += UInt64(report.metrics.connectionsAccepted)
        clients.rejected += UInt64(report.metrics.connectionsRefused)
        clients.handshakeFailures += UInt64(report.metrics.handshakeFailures)
        clients.acceptFailures += UInt64(report.metrics.acceptFailures)
    }

    private mutating func addRequests(_ reports: [LoopReport], _ snapshot: Snapshot) {
        let outcomes: [Outcome] = [.success, .fail, .refused]
        for (tenant, runtime) in snapshot.tenants.enumerated() {
            for (route, compiled) in snapshot.policy.routes.enumerated() {
                for (index, outcome) in outcomes.enumerated() {
                    let place = route * outcomes.count + index
                    var sum = 0
                    for report in reports where place < report.metrics.requests[tenant].count {
                        sum += report.metrics.requests[tenant][place]
                    }
                    guard sum > 0 else { continue }
                    requests.append(
                        RequestCount(
                            tenant: runtime.name,
                            route: compiled.name,
                            outcome: outcome,
                            count: UInt64(sum)
                        )
                    )
                }
            }
        }
    }

    /// Refusals that share a code are one sample.
    private mutating func addRefusals(_ reports: [LoopReport]) {
        for refusal in Refusal.allCases {
            let sum = reports.reduce(0) { $0 + $1.metrics.refusals[Int(refusal.rawValue)] }
            guard sum > 0 else { continue }
            let code = "\(refusal.code)"
            if let known = refusals.firstIndex(where: { $0.code == code }) {
                refusals[known].count += UInt64(sum)
            } else {
                refusals.append(RefusalCount(code: code, count: UInt64(sum)))
            }
        }
    }

    private mutating func addUpstreams(_ reports: [LoopReport], _ snapshot: Snapshot) {
        for (index, runtime) in snapshot.upstreams.enumerated() {
            var upstream = Upstream(name: runtime.name)
            for report in reports {
                upstream.requests += UInt64(report.metrics.upstreamRequests[index])
                upstream.connects += UInt64(report.metrics.upstreamConnects[index])
                upstream.reused += UInt64(report.metrics.upstreamReuses[index])
                upstream.idle += UInt64(report.idleByUpstream[index])
                upstream.active += UInt64(report.activeByUpstream[index])
            }
            for refusal in Refusal.allCases {
                let sum = reports.reduce(0) {
                    $0 + $1.metrics.upstreamFailures[index][Int(refusal.rawValue)]
                }
                guard sum > 0 else { continue }
                upstream.failures.append(.init(reason: "\(refusal.code)", count: UInt64(sum)))
            }
            upstreams.append(upstream)
        }
    }
}
