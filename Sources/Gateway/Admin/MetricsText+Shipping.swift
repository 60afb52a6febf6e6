extension MetricsText {
    /// How far the shippers are.
    mutating func addShippers(_ shippers: [MetricsSnapshot.Shipper]) {
        func samples(_ value: (MetricsSnapshot.Shipper) -> UInt64) -> [Sample] {
            shippers.map { Sample(value($0), ["shipper": $0.name]) }
        }
        add(
            "postern_shipper_lag_seconds",
            .gauge,
            "The age of the oldest event that a shipper has not sent; 0 without any.",
            shippers.compactMap { one in
                one.lagSeconds.map { Sample($0, ["shipper": one.name]) }
            }
        )
        add(
            "postern_shipper_lag_bytes",
            .gauge,
            "What the events that a shipper has not sent take in the journal.",
            shippers.compactMap { one in one.lagBytes.map { Sample($0, ["shipper": one.name]) } }
        )
        add(
            "postern_shipper_sent_total",
            .counter,
            "Events that a receiver has taken.",
            samples(\.sent)
        )
        add(
            "postern_shipper_failed_total",
            .counter,
            "Batches that a receiver has not taken, each time.",
            samples(\.failed)
        )
        add(
            "postern_shipper_dead_total",
            .counter,
            "Events that a receiver refuses, put into the dead-letter file.",
            samples(\.dead)
        )
        add(
            "postern_shipper_failing",
            .gauge,
            "Whether a shipper does not get on: 1 or 0.",
            samples { $0.isFailing ? 1 : 0 }
        )
    }
}
