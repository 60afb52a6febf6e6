import HTTP
import Policy

/// Everything that a reload replaces, worked out once and never changed: what a loop decides by.
final class Snapshot: Sendable {
    let configuration: Configuration
    let policy: CompiledPolicy

    /// The policy that decides beside it and changes no answer; `nil` without one.
    let shadow: CompiledPolicy?
    let hosts: HostTable
    let tenants: [TenantRuntime]

    /// Whether each tenant is served.
    let tenantStates: [Configuration.TenantState]
    let upstreams: [UpstreamRuntime]

    /// The TLS side of each listener, in the order of the configuration.
    let listeners: [TLSContext]

    /// Counts refusals that belong to no tenant.
    let strangers: RefusalMeter

    let headLimits: HeadLimits

    /// Counts the configurations of a process, so that what an older one decided is known as such.
    let generation: Int

    /// The files that positions refer to.
    let sourcePaths: [String]

    init(
        configuration: Configuration,
        policy: CompiledPolicy,
        shadow: CompiledPolicy? = nil,
        hosts: HostTable,
        tenants: [TenantRuntime],
        upstreams: [UpstreamRuntime],
        listeners: [TLSContext],
        strangers: RefusalMeter,
        generation: Int,
        sourcePaths: [String]
    ) {
        self.configuration = configuration
        self.generation = generation
        self.sourcePaths = sourcePaths
        self.policy = policy
        self.shadow = shadow
        self.hosts = hosts
        self.tenants = tenants
        self.upstreams = upstreams
        self.listeners = listeners
        self.strangers = strangers
        limits = configuration.limits
        tenantPlaces = Self.places(of: tenants.map(\.name))
        routePlaces = Self.places(of: policy.routes.map(\.name))
        rates = policy.routes.map { route in
            route.rates.map { RouteRate($0, route: route.name) }
        }
        tenantStates = configuration.tenants.map(\.state)
        eventPaths = policy.templates.map(EventScope.pathMember)
        headLimits = HeadLimits(
            headBytesMax: configuration.limits.requestHeaderBytesMax,
            fieldsMax: configuration.limits.requestFieldsMax
        )
    }

    let limits: Configuration.Limits

    /// The numbers of tenants and routes by their names, for what is counted over a reload.
    let tenantPlaces: [String: Int]
    let routePlaces: [String: Int]

    /// Where each name stands, the first of those that are the same.
    static func places(of names: [String]) -> [String: Int] {
        Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    }

    /// The `rate` lines of each route.
    let rates: [[RouteRate]]

    /// The part of a START's `data` that tells the template, by `PathParameters.template`.
    let eventPaths: [[UInt8]]

    /// The same with other upstreams.
    func with(upstreams: [UpstreamRuntime]) -> Snapshot {
        Snapshot(
            configuration: configuration,
            policy: policy,
            shadow: shadow,
            hosts: hosts,
            tenants: tenants,
            upstreams: upstreams,
            listeners: listeners,
            strangers: strangers,
            generation: generation,
            sourcePaths: sourcePaths
        )
    }

    /// How much the events of a tenant tell, or those without one (-1).
    func level(ofTenant tenant: Int) -> Int {
        tenant < 0 ? configuration.analytics.level : tenants[tenant].level
    }

    /// The meter of a tenant, or of requests without one (-1).
    func meter(ofTenant tenant: Int) -> RefusalMeter {
        tenant < 0 ? strangers : tenants[tenant].meter
    }
}

/// One tenant, ready for requests.
final class TenantRuntime: Sendable {
    let name: String
    let nameBytes: [UInt8]

    /// What its buckets are told by.
    let bucketName: ValueHash.Digest

    /// An index into `Snapshot.upstreams`.
    let upstream: Int
    let meter: RefusalMeter

    /// How much its events tell: 1 to 3.
    let level: Int

    /// What is asked of proofs of possession.
    let proofs: Configuration.ProofRules

    /// What it tells clients of itself; `nil` when it takes no tokens.
    let metadata: ResourceMetadata?

    init(
        name: String,
        upstream: Int,
        meter: RefusalMeter,
        level: Int,
        proofs: Configuration.ProofRules,
        metadata: ResourceMetadata?
    ) {
        self.name = name
        self.proofs = proofs
        self.metadata = metadata
        nameBytes = Array(name.utf8)
        bucketName = RouteRate.digest(of: name)
        self.upstream = upstream
        self.meter = meter
        self.level = level
    }
}

/// One upstream, ready for requests.
final class UpstreamRuntime: Sendable {
    let name: String
    let servers: [UpstreamServer]
    let connectTimeoutMilliseconds: Int64
    let responseTimeoutMilliseconds: Int64

    /// Replaces the host that the client asked for.
    let host: [UInt8]?
    let headers: [UpstreamHeader]

    init(_ upstream: Configuration.Upstream, servers: [UpstreamServer]) {
        name = upstream.name
        self.servers = servers
        connectTimeoutMilliseconds = Int64(upstream.connectTimeoutMilliseconds)
        responseTimeoutMilliseconds = Int64(upstream.responseTimeoutMilliseconds)
        host = upstream.host.map { Array($0.utf8) }
        headers = upstream.headers.map(UpstreamHeader.init)
        source = upstream
    }

    private let source: Configuration.Upstream

    /// The same with other servers.
    func with(servers: [UpstreamServer]) -> UpstreamRuntime {
        UpstreamRuntime(source, servers: servers)
    }
}

/// One `server` line, its name looked up.
struct UpstreamServer: Sendable {
    let host: String
    let port: UInt16

    /// Where it is; empty while the name is not known to the resolver.
    let addresses: [SocketAddress]

    /// `nil` for plain HTTP.
    let tls: UpstreamTLSContext?

    /// The same at other addresses.
    func with(addresses: [SocketAddress]) -> UpstreamServer {
        UpstreamServer(host: host, port: port, addresses: addresses, tls: tls, identity: identity)
    }

    /// What tells one server's connections from another's over a reload.
    let identity: String
}

/// One `header NAME VALUE` line, as bytes.
struct UpstreamHeader: Sendable {
    let name: [UInt8]
    let pieces: [Piece]

    enum Piece: Sendable {
        case literal([UInt8])
        case subject
        case tenant
        case client
        case roles
        case requestID
        case claim([String])
    }

    init(_ line: Configuration.HeaderLine) {
        name = Array(line.name.utf8)
        pieces = line.value.map { piece in
            switch piece {
            case .literal(let text): .literal(Array(text.utf8))
            case .subject: .subject
            case .tenant: .tenant
            case .client: .client
            case .roles: .roles
            case .requestID: .requestID
            case .claim(let path): .claim(path)
            }
        }
    }
}
