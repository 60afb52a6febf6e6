extension GatewayRuntime {
    /// Tells whoever should know that a source of keys begins to fail or works again: standard
    /// error, and the journal of each tenant that uses it.
    func report(_ news: KeyNews, tenantNames names: [String]) {
        report(news.line(tenantNames: names))
        guard journal != nil else { return }
        for tenant in news.tenants.map({ names[$0] }) {
            guard let event = GatewayEvent(news.change, tenant: tenant) else { continue }
            // Any loop can write it; one does, so that it is there once.
            loops.first?.mailbox.post(.record(event))
        }
    }

    /// A tenant as readiness shows it.
    func part(of tenant: Configuration.Tenant, _ status: KeyStatus?) -> ReadinessReport.Part {
        guard let tokens = tenant.tokens else {
            return .init(name: tenant.name, isReady: true, detail: "no tokens")
        }
        guard tokens.keys != nil else {
            return .init(name: tenant.name, isReady: true, detail: "tokens are looked up")
        }
        let status = status ?? KeyStatus()
        return .init(
            name: tenant.name,
            isReady: status.isReady,
            detail: status.words,
            keys: ReadinessReport.Keys(status)
        )
    }
}

extension GatewayEvent {
    fileprivate init?(_ change: KeyNews.Change, tenant: String) {
        switch change {
        case .outage(let failure): self = .keysOutage(tenant: tenant, reason: failure.reason)
        case .recovery(let failure): self = .keysRecovery(tenant: tenant, reason: failure.reason)
        case .otherTrouble, .notKept, .keptAgain: return nil
        }
    }
}

extension ReadinessReport.Keys {
    fileprivate init(_ status: KeyStatus) {
        self.init(
            count: status.keyCount,
            ageSeconds: status.ageSeconds,
            source: status.place ?? "",
            isFromDisk: status.fromCache,
            lastError: status.lastFailure.map { "\($0)" },
            reason: status.lastFailure.map { "\($0.reason)" },
            nextTrySeconds: status.nextTrySeconds,
            problems: status.problems
        )
    }
}

extension MetricsSnapshot.Keys {
    init(tenant: String, _ status: KeyStatus) {
        self.init(
            tenant: tenant,
            count: UInt64(status.keyCount),
            ageSeconds: status.ageSeconds.map(Double.init),
            nextTrySeconds: Double(status.nextTrySeconds),
            failure: status.lastFailure.map { "\($0.reason)" },
            fetches: status.fetchesCount,
            failedFetches: status.failuresCount
        )
    }
}

extension KeyStatus {
    fileprivate var words: String {
        var words = ageSeconds.map { "\(keyCount) keys, \($0) s old" } ?? "no keys"
        words += ", next fetch in \(nextTrySeconds) s"
        if let lastFailure { words += ", last error: \(lastFailure)" }
        for problem in problems { words += "; \(problem)" }
        return words
    }
}
