extension MetricsText {
    /// How the tenants stand for keys.
    mutating func addKeys(_ keys: [MetricsSnapshot.Keys]) {
        add(
            "postern_keys",
            .gauge,
            "A tenant's keys in use.",
            keys.map { Sample($0.count, ["tenant": $0.tenant]) }
        )
        add(
            "postern_key_age_seconds",
            .gauge,
            "Time since a tenant's keys were fetched; absent when there are none.",
            keys.compactMap { one in one.ageSeconds.map { Sample($0, ["tenant": one.tenant]) } }
        )
        add(
            "postern_key_next_try_seconds",
            .gauge,
            "Time until a tenant's keys are fetched again.",
            keys.map { Sample($0.nextTrySeconds, ["tenant": $0.tenant]) }
        )
        add(
            "postern_key_failing",
            .gauge,
            "Whether the last fetch of a tenant's keys failed: 1 or 0.",
            keys.map { Sample($0.failure == nil ? 0 as UInt64 : 1, ["tenant": $0.tenant]) }
        )
        add(
            "postern_key_last_error_info",
            .gauge,
            "Why the last fetch of a tenant's keys failed; always 1, absent when it did not.",
            keys.compactMap { one in
                one.failure.map { Sample(1 as UInt64, ["tenant": one.tenant, "reason": $0]) }
            }
        )
        add(
            "postern_key_fetches_total",
            .counter,
            "Fetches of a tenant's keys, by outcome; tenants with the same source share them.",
            keys.flatMap {
                [
                    Sample($0.fetches, ["tenant": $0.tenant, "outcome": "success"]),
                    Sample($0.failedFetches, ["tenant": $0.tenant, "outcome": "failure"]),
                ]
            }
        )
    }
}
