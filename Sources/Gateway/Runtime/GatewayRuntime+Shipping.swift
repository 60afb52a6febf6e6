extension GatewayRuntime {
    /// Begins to ship, or goes on as a new configuration says.
    func adoptShippers(_ configuration: Configuration) throws(GatewayFailure) {
        do throws(Errno) {
            try shippers?.adopt(configuration.analytics.shippers)
        } catch { throw .system(what: "start a shipper", reason: error) }
    }

    /// The shippers as readiness shows them.
    func shipperReadiness() -> [ReadinessReport.Part] {
        (shippers?.status(at: Clock.unixMilliseconds()) ?? []).map { status in
            var part = ReadinessReport.Part(
                name: status.name,
                isReady: status.trouble == nil,
                detail: status.trouble?.description
            )
            part.shipper = ReadinessReport.Shipper(
                state: status.state,
                lagSeconds: status.lag.map { $0.milliseconds / 1_000 },
                lagBytes: status.lag.map { Int64($0.bytes) },
                dead: Int64(status.counts.dead),
                lastFailure: status.trouble?.word
            )
            return part
        }
    }

    /// The shippers as metrics show them.
    func shipperMetrics() -> [MetricsSnapshot.Shipper] {
        (shippers?.status(at: Clock.unixMilliseconds()) ?? []).map { status in
            MetricsSnapshot.Shipper(
                name: status.name,
                lagSeconds: status.lag.map { Double($0.milliseconds) / 1_000 },
                lagBytes: status.lag.map { UInt64($0.bytes) },
                sent: UInt64(status.counts.sent),
                failed: UInt64(status.counts.failed),
                dead: UInt64(status.counts.dead),
                isFailing: status.trouble != nil
            )
        }
    }
}

extension ShipperStatus {
    fileprivate var state: String {
        if trouble != nil { return "failing" }
        return lag?.bytes == 0 ? "up-to-date" : "shipping"
    }
}
