/// What a policy that is not in force would have answered, as far as the request shows.
public enum ShadowAnswer: UInt8, CaseIterable, Hashable, Sendable {
    case allow
    case routeNotFound
    case methodNotAllowed

    /// The route asks for a token, and the request has no credential.
    case credentialsMissing

    /// The route asks for a token, and that of the request was found bad.
    case credentialsRefused

    /// The route asks for a token, and that of the request was not looked at.
    case unknownCaller
    case roleMissing
    case denied

    /// The code of the refusal; `allow` for none.
    public var code: StaticString {
        switch self {
        case .allow: "allow"
        case .routeNotFound: "route-not-found"
        case .methodNotAllowed: "method-not-allowed"
        case .credentialsMissing: "credentials-missing"
        case .credentialsRefused: "credentials-refused"
        case .unknownCaller: "unknown-caller"
        case .roleMissing: "role-missing"
        case .denied: "denied"
        }
    }
}

/// What the policy in force has found out of a caller, for one that is not in force.
public enum ShadowCaller: Hashable, Sendable {
    /// Sent no credential.
    case stranger

    /// Sent one that was refused.
    case refused

    /// Sent one that nobody looked at.
    case unjudged

    /// Is known; this holds of the conditions of the shadow policy.
    case known(FactSet)
}

extension CompiledPolicy {
    /// Decides one request that another policy decides too, and permits nothing.
    ///
    /// - Parameters:
    ///   - method: The request's method.
    ///   - path: The canonical path, without the query.
    ///   - tenant: The tenant whose host the request names.
    ///   - address: Where the connection comes from; `nil`: from nowhere that a line names.
    ///   - caller: What is known of the caller.
    ///   - parameters: Set to where the template's parameters stand in `path`.
    /// - Returns: The answer, and the route that it is of; -1 without one.
    public func shadowAnswer(
        method: MethodCode,
        path: Span<UInt8>,
        tenant: Int,
        address: NetworkAddress?,
        caller: ShadowCaller,
        parameters: inout PathParameters
    ) -> (answer: ShadowAnswer, route: Int) {
        let route: Int
        switch match(method: method, path: path, parameters: &parameters) {
        case .notFound: return (.routeNotFound, -1)
        case .methodNotAllowed: return (.methodNotAllowed, -1)
        case .route(let index): route = index
        }
        var facts = address.map { self.facts(of: $0, tenant: tenant) } ?? FactSet()
        if routes[route].access == .authorized {
            switch caller {
            case .stranger: return (.credentialsMissing, route)
            case .refused: return (.credentialsRefused, route)
            case .unjudged: return (.unknownCaller, route)
            case .known(let held): facts.formUnion(held)
            }
        }
        let ruleSet = rules.ruleSet(ofRoute: route, tenant: tenant)
        switch verdict(route, by: ruleSet, facts) {
        case .allow: return (.allow, route)
        case .deny(.roleMissing): return (.roleMissing, route)
        case .deny(.denied): return (.denied, route)
        }
    }
}
