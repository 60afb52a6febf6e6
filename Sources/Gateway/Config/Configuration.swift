import Policy

/// A configuration as read: every value typed, every default filled in.
///
/// A relative path is joined to the folder of the file that names it: it leads there from where
/// the process started.
struct Configuration: Sendable {
    var listeners: [Listener] = []
    var admin: Admin?

    /// Files and folders named by `policies`, in order.
    var policyPaths: [String] = []

    /// Event loops; `auto` is the number of cores.
    var workers = 1

    var upstreams: [Upstream] = []
    var tenants: [Tenant] = []
    var analytics = Analytics()
    var limits = Limits()

    /// Files of revoked tokens, subjects and clients of every tenant.
    var revoked: [NamedPath] = []

    /// The folder of the `keys-cache` line outside of all blocks, the default of every tenant.
    var keysCache: NamedPath?

    /// How long a drain may take.
    var drainMilliseconds = 30_000
}

extension Configuration {
    /// A host and a port as written in `listen` and `admin`.
    struct Address: Hashable, Sendable {
        /// An IPv4 or IPv6 address without brackets, or `localhost`.
        var host: String
        var port: UInt16
    }

    /// Where a certificate chain and its private key are.
    struct CertificateFiles: Hashable, Sendable {
        var chainPath: String
        var keyPath: String

        /// Where the chain is named, for an error that is found when the files are loaded.
        var position: SourcePosition

        /// Where the key is.
        var keyPosition: SourcePosition
    }

    /// A file or folder, and the word that names it, for an error that is found later.
    struct NamedPath: Hashable, Sendable {
        var path: String
        var position: SourcePosition
    }

    struct Listener: Sendable {
        var address: Address

        /// At least one; the first is the default.
        var certificates: [CertificateFiles]
        var sessionTickets = true
        var clientCertificates = ClientCertificates.none

        /// Certificate authorities of clients; `nil`: any certificate is taken, since a token is
        /// bound to one certificate and not to its issuer (RFC 8705 section 3).
        var clientCAPath: String?

        /// Where that is named.
        var clientCAPosition: SourcePosition?
        var position: SourcePosition
    }

    /// Whether a listener asks clients for a certificate.
    enum ClientCertificates: String, Hashable, Sendable, CaseIterable {
        case none
        case request
        case require
    }

    struct Admin: Sendable {
        var address: Address

        /// Needed, with a token, unless the address is a loopback one.
        var certificate: CertificateFiles?
        var token: String?
        var position: SourcePosition
    }

    struct Upstream: Sendable {
        var name: String

        /// At least one.
        var servers: [Server]

        /// Certificate authorities for https servers; `nil` is the system store.
        var caPath: String?

        /// Where that is named.
        var caPosition: SourcePosition?
        var connectTimeoutMilliseconds = 2_000
        var responseTimeoutMilliseconds = 30_000

        /// Replaces the `Host` that the client asked for.
        var host: String?
        var headers: [HeaderLine] = []
        var position: SourcePosition
    }

    struct Server: Hashable, Sendable {
        var isTLS: Bool

        /// A name or an address without brackets.
        var host: String
        var port: UInt16
        var position: SourcePosition
    }

    /// One `header NAME VALUE` line.
    struct HeaderLine: Hashable, Sendable {
        var name: String

        /// The value in pieces, joined without anything between them.
        var value: [HeaderPiece]
    }

    enum HeaderPiece: Hashable, Sendable {
        case literal(String)
        case subject
        case tenant
        case client
        case roles
        case requestID
        case claim(path: [String])
    }

    struct Tenant: Sendable {
        var name: String

        /// Lower-case, without port, an IPv6 address in brackets; `*.example` matches one or more
        /// labels in front of `.example`.
        var hosts: [Host]

        /// An index into `Configuration.upstreams`.
        var upstream: Int

        /// `nil` when the tenant takes no tokens: every route that needs one answers 401.
        var tokens: Tokens?

        /// The external origins of the `origin` lines, in order; empty when there is no such line.
        ///
        /// What proofs are compared with is `ProofRules.origins`.
        var origins: [String] = []

        /// Who may ask its authorization endpoint, from the `client` blocks.
        var clients: [RegisteredClient] = []

        /// The `route NAME { ... }` blocks; none once the policy is compiled.
        var routes = TenantRoutes()

        /// How much its events tell; `nil`: what `analytics` says.
        var level: Int?

        /// Whether it is served, and the line that says otherwise.
        var state = TenantState.active
        var statePosition: SourcePosition?
        var position: SourcePosition
    }

    struct Host: Hashable, Sendable {
        var name: String
        var position: SourcePosition
    }

    struct Tokens: Sendable {
        var rules: TokenRules

        /// Where the keys are; `nil` when every token is asked for at the introspection endpoint.
        var keys: KeyPlace?

        /// Where opaque tokens are asked for; `nil` when the tenant takes none.
        var introspection: Introspection?

        /// What is asked of proofs of possession, RFC 9449.
        var proofs = ProofRules()

        /// Files of revoked tokens, subjects and clients of this tenant.
        var revoked: [NamedPath] = []

        /// The roles that `role ... from` lines give, to be checked against those of the policies.
        var mappedRoles: [Word] = []

        /// Where the keys are named; of keys that are discovered, where the block begins.
        var keysPosition: SourcePosition

        /// Certificate authorities for keys, discovery and introspection; `nil`: the system's.
        var authorities: NamedPath?

        /// The folder that the last good keys are kept in, if any.
        var keysCache: NamedPath?
        var position: SourcePosition
    }

    /// A source of keys with how it is used; tenants that share all of it share one fetch.
    struct KeyPlace: Hashable, Sendable {
        var source: KeySource

        /// Certificate authorities for https; `nil` is the system's store.
        var caPath: String?

        /// The folder that the last good set is kept in; `nil`: it is not kept.
        var cachePath: String?

        /// How long keys are used when no fresh ones can be had.
        var staleSecondsMax: Int64 = 24 * 3_600

        /// How long a key that is no longer published goes on to verify.
        var graceSeconds: Int64 = 0

        init(_ source: KeySource) { self.source = source }
    }

    /// The token introspection endpoint of a tenant's authorization server, RFC 7662.
    struct Introspection: Hashable, Sendable {
        var url: String
        var clientID: String

        /// Never in a message, log, event or metric.
        var secret: String

        /// Certificate authorities for https; `nil` is the system's store.
        var caPath: String?

        /// How long an answer is used at most, be `exp` later.
        var cacheSecondsMax: Int64 = 60
        var position: SourcePosition

        /// The URL without its query, which may hold a secret.
        var shownURL: String { Word.presentable(String(url.prefix { $0 != "?" })) }
    }

    /// What a tenant asks of proofs of possession, RFC 9449.
    struct ProofRules: Hashable, Sendable {
        enum Mode: String, Hashable, Sendable, CaseIterable {
            /// Every token must be bound to a key and come with a proof.
            case require

            /// A bound token must come with a proof; others may come as Bearer.
            case accept

            /// No proof is taken, so no bound token either.
            case refuse
        }

        var mode = Mode.accept

        /// Whether the configuration names a mode, so that callers are told of it.
        var isAnnounced = false

        /// Whether a proof must hold a nonce that the gateway gave.
        var wantsNonce = false

        /// The external origins, `https://host[:port]`, lower-case, without the default port.
        ///
        /// The ones configured, else those that follow from the tenant's hosts and the listeners.
        var origins: [String] = []
    }

    enum KeySource: Hashable, Sendable {
        case file(String)
        case url(String)

        /// `/.well-known/openid-configuration` of the issuer names the key set.
        case discovery(issuer: String)
    }

    struct Analytics: Sendable {
        var journal: Journal?

        /// 1 is metadata only, 2 non-sensitive data, 3 everything that `capture` names; of tenants
        /// that do not say.
        var level = 2
        var onFailure = OnFailure.closed
        var durability = Durability.process

        /// Where events go besides, each with a name of its own.
        var shippers: [Shipper] = []
    }

    struct Journal: Hashable, Sendable {
        var path: String
        var keepSeconds = 30 * 86_400
        var limitBytes = 20 * 1_073_741_824
        var position: SourcePosition
    }

    enum OnFailure: Hashable, Sendable {
        case closed
        case open
    }

    enum Durability: Hashable, Sendable {
        case process
        case power
    }

    struct Limits: Hashable, Sendable {
        var headerTimeoutMilliseconds = 10_000
        var bodyTimeoutMilliseconds = 30_000
        var idleTimeoutMilliseconds = 75_000
        var requestHeaderBytesMax = 32 * 1_024
        var requestFieldsMax = 100
        var requestBodyBytesMax = 1_048_576
        var tokenBytesMax = 8 * 1_024

        /// What the validated tokens that a loop remembers may take.
        var tokenCacheBytesMax = 16 * 1_048_576
        var connectionsMax = 20_000
        var connectionsPerAddressMax = 1_000
    }
}
