import Policy

/// Makes a snapshot of a prepared configuration: certificates loaded, names looked up.
///
/// It blocks on files and on the resolver, so it never runs on an event loop.
enum SnapshotBuilder {
    /// Builds what the loops decide by.
    ///
    /// - Parameters:
    ///   - prepared: A configuration without a fault.
    ///   - previous: The snapshot that is replaced, whose refusal meters go on.
    /// - Returns: A snapshot that every loop can adopt.
    /// - Throws: The first certificate, key or authority that cannot be used.
    static func build(
        _ prepared: PreparedConfiguration,
        replacing previous: Snapshot?
    ) throws(TLSFailure) -> Snapshot {
        let configuration = prepared.loaded.configuration
        var listeners: [TLSContext] = []
        for listener in configuration.listeners {
            listeners.append(
                try TLSContext(
                    certificates: listener.certificates,
                    sessionTickets: listener.sessionTickets,
                    clients: listener.clientTrust
                )
            )
        }
        var upstreams: [UpstreamRuntime] = []
        for upstream in configuration.upstreams {
            upstreams.append(UpstreamRuntime(upstream, servers: try servers(of: upstream)))
        }
        return Snapshot(
            configuration: configuration,
            policy: prepared.policy,
            shadow: prepared.shadow?.policy,
            hosts: prepared.hosts,
            tenants: tenants(of: configuration, prepared.policy, replacing: previous),
            upstreams: upstreams,
            listeners: listeners,
            strangers: previous?.strangers ?? RefusalMeter(),
            generation: (previous?.generation ?? 0) + 1,
            sourcePaths: prepared.loaded.sources.paths
        )
    }

    private static func tenants(
        of configuration: Configuration,
        _ policy: CompiledPolicy,
        replacing previous: Snapshot?
    ) -> [TenantRuntime] {
        let known = Dictionary(
            (previous?.tenants ?? []).map { ($0.name, $0.meter) },
            uniquingKeysWith: { first, _ in first }
        )
        // They outlive what else is made here, so they are not to lie among it.
        let meters = configuration.tenants.map { known[$0.name] ?? RefusalMeter() }
        let asksForCertificates = configuration.listeners.contains {
            $0.clientCertificates != .none
        }
        let isAnswered = !ResourceMetadata.isRouted(by: policy)
        return configuration.tenants.enumerated().map { index, tenant in
            TenantRuntime(
                name: tenant.name,
                upstream: tenant.upstream,
                meter: meters[index],
                level: tenant.level ?? configuration.analytics.level,
                proofs: tenant.tokens?.proofs ?? Configuration.ProofRules(),
                metadata: tenant.tokens.map { tokens in
                    ResourceMetadata(
                        of: tenant,
                        tokens,
                        scopes: policy.scopes(tenant: index),
                        asksForCertificates: asksForCertificates,
                        isAnswered: isAnswered
                    )
                }
            )
        }
    }

    private static func servers(
        of upstream: Configuration.Upstream
    ) throws(TLSFailure) -> [UpstreamServer] {
        let isTLS = upstream.servers.contains(where: \.isTLS)
        let context = isTLS ? try UpstreamTLSContext(caPath: upstream.caPath) : nil
        return upstream.servers.map { server in
            let scheme = server.isTLS ? "https" : "http"
            return UpstreamServer(
                host: server.host,
                port: server.port,
                addresses: SocketAddress.resolve(host: server.host, port: server.port),
                tls: server.isTLS ? context : nil,
                identity: "\(scheme)://\(server.host):\(server.port) \(upstream.caPath ?? "")"
            )
        }
    }
}
