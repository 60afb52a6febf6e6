extension CompiledPolicy {
    /// Why an authorization request to a route goes no further; `nil` when it may, or when the
    /// route does not check any.
    ///
    /// `tenant` is `nil` for a request to no tenant in particular, whose client is not looked up.
    func authorizationFault(
        _ query: String?,
        route: Int,
        tenant: Int?
    ) -> AuthorizationFault? {
        guard routes[route].checksAuthorization else { return nil }
        let check = tenant.map { authorizations[$0] } ?? .ofAnyTenant
        return check.fault(in: Array((query ?? "").utf8).span)
    }
}

extension PolicyOutcome {
    /// What becomes of an authorization request that is not as it should be.
    init(_ fault: AuthorizationFault) {
        switch fault {
        case .clientUnknown: self = .clientUnknown
        case .redirectUnknown: self = .redirectUnknown
        default: self = .invalidRequest
        }
    }
}
