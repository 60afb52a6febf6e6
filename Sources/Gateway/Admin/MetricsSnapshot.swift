/// Everything that is counted, at one moment.
///
/// Counters only grow while the process lives, except those of tenants and upstreams that a reload
/// has removed, which are gone.
struct MetricsSnapshot: Sendable {
    /// The `postern` version.
    var version = ""

    var requests: [RequestCount] = []
    var refusals: [RefusalCount] = []

    /// `nil` without a shadow policy.
    var shadow: Shadow?

    /// From the request's first byte to the answer's last.
    var requestDuration = Histogram()

    var clients = Clients()
    var upstreams: [Upstream] = []
    var tokenCache = TokenCache()

    /// `nil` when no tenant has its tokens looked up.
    var introspection: Introspection?
    var keys: [Keys] = []

    /// The revocations in force.
    var revocations = RevocationReport()

    /// Times that a `revoked` file could not be used any more.
    var revocationFileFailures: UInt64 = 0
    var journal = Journal()
    var shippers: [Shipper] = []

    /// Reloads that took effect.
    var reloads: UInt64 = 0

    /// Reloads that were refused, as a whole or some files of tenants, for what was wrong in them.
    var reloadFailures: UInt64 = 0

    /// Files of tenants that are not used as they are, and tenants that go on in an old form.
    var refusedTenantFiles: UInt64 = 0
    var tenantsInOldForm: UInt64 = 0

    var certificates: [CertificateExpiry] = []
    var process: Process?
}

extension MetricsSnapshot {
    struct RequestCount: Hashable, Sendable {
        var tenant: String

        /// The route's name in the policy.
        var route: String
        var outcome: Outcome
        var count: UInt64
    }

    enum Outcome: String, Hashable, Sendable {
        /// The upstream answered below 400.
        case success

        /// The upstream answered 400 or above, or did not answer.
        case fail

        /// The gateway answered for it.
        case refused
    }

    struct RefusalCount: Hashable, Sendable {
        /// The refusal's code, such as `role-missing`.
        var code: String
        var count: UInt64
    }

    /// Counts of observations in buckets that do not overlap.
    struct Histogram: Sendable {
        /// Upper bounds in seconds, inclusive, rising.
        var bounds: [Double] = []

        /// One count a bound, and one more for what lies above the last.
        var counts: [UInt64] = []
        var sumSeconds: Double = 0
    }

    struct Clients: Hashable, Sendable {
        /// Connections now open.
        var open: UInt64 = 0

        /// Connections ever accepted.
        var accepted: UInt64 = 0

        /// Connections closed for the limits on connections.
        var rejected: UInt64 = 0
        var handshakeFailures: UInt64 = 0

        /// Times that the system gave no connection, for want of descriptors for example.
        var acceptFailures: UInt64 = 0
    }

    struct Upstream: Hashable, Sendable {
        var name: String

        /// Requests sent.
        var requests: UInt64 = 0

        /// Connections that were made.
        var connects: UInt64 = 0

        /// Requests sent over a connection that had served one before.
        var reused: UInt64 = 0

        /// Connections that wait for a request.
        var idle: UInt64 = 0

        /// Connections that carry one.
        var active: UInt64 = 0
        var failures: [Failure] = []

        struct Failure: Hashable, Sendable {
            /// The refusal's code, such as `upstream-timeout`.
            var reason: String
            var count: UInt64
        }
    }

    struct TokenCache: Hashable, Sendable {
        var hits: UInt64 = 0
        var misses: UInt64 = 0
        var entries: UInt64 = 0
    }

    /// Tokens that authorization servers were asked about.
    struct Introspection: Hashable, Sendable {
        /// Requests, by what became of them.
        var requests: [RequestCount] = []

        /// Lookups that an answer served which another had asked for.
        var shared: UInt64 = 0

        /// Lookups for which there was no room.
        var full: UInt64 = 0

        /// Answers that are remembered.
        var entries: UInt64 = 0

        struct RequestCount: Hashable, Sendable {
            var outcome: String
            var count: UInt64
        }
    }

    struct Keys: Hashable, Sendable {
        var tenant: String

        /// Keys in use.
        var count: UInt64 = 0

        /// Seconds since they were fetched; `nil` when there are none.
        var ageSeconds: Double?

        /// Seconds until the next fetch.
        var nextTrySeconds: Double = 0

        /// Why the last fetch failed, in one word; `nil` when it did not.
        var failure: String?

        /// Fetches that went well, and those that failed.
        var fetches: UInt64 = 0
        var failedFetches: UInt64 = 0
    }

    struct Journal: Hashable, Sendable {
        var events: UInt64 = 0
        var bytes: UInt64 = 0

        /// Events that could not be written.
        var failures: UInt64 = 0

        /// Operations that have begun and not ended.
        var openStarts: UInt64 = 0

        /// Events removed for the journal's size that were not shipped yet.
        var unshippedRemoved: UInt64 = 0
    }

    struct Shipper: Hashable, Sendable {
        var name: String

        /// The age of the oldest event that was not sent, and what such events take; `nil` when the
        /// journal cannot be read.
        var lagSeconds: Double?
        var lagBytes: UInt64?

        /// Events sent, batches that were not taken, events put aside.
        var sent: UInt64 = 0
        var failed: UInt64 = 0
        var dead: UInt64 = 0
        var isFailing = false
    }

    struct CertificateExpiry: Hashable, Sendable {
        /// The certificate's first name.
        var name: String

        /// The file of its chain: several certificates can have the same first name.
        var file: String

        /// The last second at which it is valid, in seconds since 1970.
        var notAfter: Int64
    }

    /// What the system says of this process.
    struct Process: Hashable, Sendable {
        var cpuSeconds: Double
        var residentBytes: UInt64
        var openDescriptors: UInt64
        var descriptorsMax: UInt64

        /// In seconds since 1970.
        var startTime: Double
    }
}
