/// How a tenant stands for keys, for readiness, metrics and logs.
struct KeyStatus: Hashable, Sendable {
    /// Where the keys come from, without the query of a URL; `nil` when the tenant has none.
    var place: String?

    /// Since when the keys in use are there, in seconds; `nil` when there are none.
    var ageSeconds: Int64?

    /// The keys in use.
    var keyCount = 0

    /// Why the last fetch failed; `nil` when it did not.
    var lastFailure: KeyFailure?

    /// In how many seconds the next fetch is due; 0 when it runs or is about to.
    var nextTrySeconds: Int64 = 0

    /// What is wrong with keys of the set that are left out, and with the copy on disk.
    var problems: [String] = []

    var source = KeyStanding.Source.none

    /// Whether the keys in use are the copy on disk, no fetch having succeeded since the start.
    var fromCache = false

    /// Fetches that went well.
    var fetchesCount: UInt64 = 0

    /// Fetches that failed.
    var failuresCount: UInt64 = 0

    /// Whether tokens can be checked.
    var isReady: Bool { keyCount > 0 }
}
