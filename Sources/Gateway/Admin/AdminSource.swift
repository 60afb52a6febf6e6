/// Where the admin listener gets what it answers.
struct AdminSource: Sendable {
    /// What is ready now.
    var readiness: @Sendable () -> ReadinessReport

    /// What is counted so far.
    var metrics: @Sendable () -> MetricsSnapshot

    /// Reloads the configuration as SIGHUP does; returns when it has taken effect or was refused.
    var reload: @Sendable () -> ReloadResult

    /// Revokes or takes back; returns when every event loop goes by it or it was refused.
    var changeRevocations: @Sendable (RevocationRequest) -> RevocationResult

    /// How many entries are in force.
    var revocations: @Sendable () -> RevocationReport

    /// Why the request with an identifier was refused; `nil` when it is not remembered.
    var explain: @Sendable (String) -> RefusalReport?

    /// The events of all tenants that a query asks for; may wait for others that ask.
    var events: @Sendable ([UInt8]) -> EventsReport

    /// Counts of these events.
    var eventsSummary: @Sendable ([UInt8]) -> EventsReport
}
