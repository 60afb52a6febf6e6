extension CompiledPolicy {
    /// Why an authorization request to a route goes no further; `nil` when it may, or when the
    /// route does not check any.
    ///
    /// Without a tenant it is a request to no tenant in particular, whose client is not looked up;
    /// without a body nothing is pushed.
    func authorizationFault(of test: PolicyTest, route: Int, tenant: Int?) -> AuthorizationFault? {
        let check = tenant.map { authorizations[$0] } ?? .ofAnyTenant
        if routes[route].checksAuthorization {
            return check.fault(in: Array((test.query ?? "").utf8).span)
        }
        guard routes[route].checksPushedAuthorization, let form = test.body else { return nil }
        return check.fault(in: Array(form.utf8).span, .pushed)
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
