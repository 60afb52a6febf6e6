/// Whether the gateway can do its work, part by part.
struct ReadinessReport: Hashable, Sendable {
    var tenants: [Part] = []
    var upstreams: [Part] = []

    /// `nil` when none is configured.
    var journal: Part?

    /// One that does not get on makes nothing unready: its events wait in the journal.
    var shippers: [Part] = []

    /// The `revoked` files and what was posted; `nil` when there is neither.
    var revocations: Part?

    /// The files of tenants that are not used as they are.
    var refusedFiles: [RefusedTenantFile] = []

    /// Whether it has begun to drain: it finishes what runs and takes nothing new.
    var isDraining = false

    /// One thing that can be ready or not.
    struct Part: Hashable, Sendable {
        /// Its name in the configuration.
        var name: String
        var isReady: Bool

        /// Why it is not, or what is worth knowing, without secrets.
        var detail: String?

        /// The keys of a tenant that has some.
        var keys: Keys?

        /// How a shipper is getting on.
        var shipper: Shipper?
    }

    /// How far a shipper is.
    struct Shipper: Hashable, Sendable {
        /// `up-to-date`, `shipping` or `failing`.
        var state: String

        /// The age of the oldest event that was not sent, and what such events take; `nil` when the
        /// journal cannot be read.
        var lagSeconds: Int64?
        var lagBytes: Int64?

        /// Events in the dead-letter file since the start.
        var dead: Int64 = 0

        /// Why it does not get on, in one word.
        var lastFailure: String?
    }

    /// How a tenant stands for keys.
    struct Keys: Hashable, Sendable {
        /// Keys in use.
        var count = 0

        /// Since they were fetched; `nil` when there are none.
        var ageSeconds: Int64?

        /// Where they come from, without secrets.
        var source = ""

        /// Whether they are the copy on disk.
        var isFromDisk = false

        /// Why the last fetch failed, without secrets, and in one word.
        var lastError: String?
        var reason: String?
        var nextTrySeconds: Int64 = 0

        /// Keys that are left out and why, and what is wrong with the copy on disk.
        var problems: [String] = []
    }

    /// Whether requests should be sent here.
    ///
    /// One tenant's missing keys harm no other tenant, so they alone do not make the whole unready:
    /// at least one tenant must be ready, and the journal when there is one. An upstream that
    /// does not answer shows in the report and in the answers. Of a `revoked` file that turned bad the
    /// last good entries stay in force. What a shipper has not sent is in the journal.
    var isReady: Bool {
        !isDraining && (journal?.isReady ?? true)
            && (tenants.isEmpty || tenants.contains { $0.isReady })
    }
}
