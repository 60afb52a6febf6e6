/// How an origin is reached.
struct OutboundServer: Sendable {
    /// At least one, in the order of trying.
    let addresses: [SocketAddress]

    /// Verifies its certificates; `nil` without TLS.
    let context: UpstreamTLSContext?

    /// The most addresses of a host that are tried.
    static let addressesMax = 8

    /// What needs no look-up: a numeric address without TLS.
    init?(plain origin: OutboundOrigin) {
        guard !origin.isTLS,
            let address = SocketAddress(numeric: origin.host, port: origin.port)
        else { return nil }
        addresses = [address]
        context = nil
    }

    /// Looks an origin up, which may block for seconds.
    ///
    /// What is not encrypted stays on this machine, whatever the resolver says.
    init(
        _ origin: OutboundOrigin,
        authorities: AuthorityContexts,
        resolve: ServerLookups.Resolve
    ) throws(OutboundFailure) {
        context = origin.isTLS ? try authorities.context(caPath: origin.caPath) : nil
        let found = resolve(origin.host, origin.port)
            .filter { origin.isTLS || $0.key.isLoopback }
        addresses = Array(found.prefix(Self.addressesMax))
        guard !addresses.isEmpty else { throw .unresolved(host: origin.host) }
    }
}
