import Policy

extension MetricsSnapshot {
    /// Adds up what the loops counted of the shadow policy.
    ///
    /// Differences of which no loop could tell the kind stand under `*`.
    mutating func addShadow(_ reports: [LoopReport], _ snapshot: Snapshot) {
        guard snapshot.shadow != nil else { return }
        let counts = reports.map(\.metrics.shadow)
        var shadow = Shadow()
        for (tenant, runtime) in snapshot.tenants.enumerated() {
            var decisions = Shadow.Decisions(tenant: runtime.name, same: 0, different: 0)
            for count in counts where tenant < count.same.count {
                decisions.same += UInt64(count.same[tenant])
                decisions.different += UInt64(count.different[tenant])
            }
            if decisions.same + decisions.different > 0 { shadow.decisions.append(decisions) }
        }
        var sums: [ShadowCounts.Difference: Int] = [:]
        for count in counts { sums.merge(count.differences, uniquingKeysWith: +) }
        shadow.differences = sums.map { difference, count in
            Shadow.Difference(
                tenant: snapshot.tenants[difference.tenant].name,
                route: difference.routeName(snapshot),
                enforced: difference.enforced.map { "\($0.code)" } ?? "allow",
                shadow: "\(difference.answer.code)",
                count: UInt64(count)
            )
        }
        .sorted {
            ($0.tenant, $0.route, $0.enforced, $0.shadow)
                < ($1.tenant, $1.route, $1.enforced, $1.shadow)
        }
        let uncounted = counts.reduce(0) { $0 + $1.uncounted }
        if uncounted > 0 {
            shadow.differences.append(
                Shadow.Difference(
                    tenant: "*",
                    route: "*",
                    enforced: "*",
                    shadow: "*",
                    count: UInt64(uncounted)
                )
            )
        }
        self.shadow = shadow
    }
}
