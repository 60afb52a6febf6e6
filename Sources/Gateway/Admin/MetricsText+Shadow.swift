extension MetricsSnapshot {
    /// What a policy that only looks on said beside the one in force.
    struct Shadow: Hashable, Sendable {
        var decisions: [Decisions] = []
        var differences: [Difference] = []

        /// The decisions of one tenant.
        struct Decisions: Hashable, Sendable {
            var tenant: String
            var same: UInt64
            var different: UInt64
        }

        /// Decisions that differ in the same way.
        struct Difference: Hashable, Sendable {
            var tenant: String
            var route: String

            /// The code of the answer, or `allow`.
            var enforced: String
            var shadow: String
            var count: UInt64
        }
    }
}

extension MetricsText {
    mutating func addShadow(_ shadow: MetricsSnapshot.Shadow) {
        add(
            "postern_shadow_decisions_total",
            .counter,
            "Requests that the shadow policy decided too, by whether it decided the same.",
            shadow.decisions.flatMap {
                [
                    Sample($0.same, ["tenant": $0.tenant, "result": "same"]),
                    Sample($0.different, ["tenant": $0.tenant, "result": "different"]),
                ]
            }
        )
        add(
            "postern_shadow_differences_total",
            .counter,
            "Requests that the shadow policy decided otherwise, by what was decided.",
            shadow.differences.map {
                Sample(
                    $0.count,
                    [
                        "tenant": $0.tenant, "route": $0.route, "enforced": $0.enforced,
                        "shadow": $0.shadow,
                    ]
                )
            }
        )
    }
}
