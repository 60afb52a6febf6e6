/// What a policy answers to a call that was recorded.
public enum ReplayedAnswer: Hashable, Sendable {
    case allow

    /// Refused, with one of these codes; mostly there is one.
    case refuse([String])

    /// It depends on what was not recorded: why, in words.
    case unknown(String)

    /// The word for an answer that lets a call pass, where others have their code.
    public static let allowWord = "allow"
}

/// Where a recorded call would go.
public enum ReplayedRoute: Hashable, Sendable {
    /// To this route, an index into `CompiledPolicy.routes`.
    case route(Int)
    case refuse(code: String)
    case unknown(String)
}

extension CompiledPolicy {
    /// Finds the route of a call by the template that its path had.
    ///
    /// Where the template is one of this policy for the method, the call stays with it. Otherwise the
    /// template's own samples are matched: values of parameters are not recorded.
    ///
    /// - Parameters:
    ///   - method: The method as it stood in the request line.
    ///   - template: A template as another policy wrote it.
    /// - Returns: The route, or why there is none.
    public func route(method: String, template: String) -> ReplayedRoute {
        let samples: [[UInt8]]
        do throws(PathTemplate.Failure) {
            samples = try PathTemplate(template).samples
        } catch {
            return .unknown("the recorded path is no template")
        }
        var found: Set<ReplayedRoute> = []
        for path in samples {
            var parameters = PathParameters()
            let code = MethodCode(name: method)
            let match = match(method: code, path: path.span, parameters: &parameters)
            let route = ReplayedRoute(match)
            if parameters.template >= 0, templates[Int(parameters.template)] == template {
                return route
            }
            found.insert(route)
        }
        guard found.count == 1, let only = found.first else {
            return .unknown("how far the path went is not recorded")
        }
        return only
    }

    /// Decides a recorded call again.
    ///
    /// - Parameters:
    ///   - call: What its events tell.
    ///   - route: Where `route(method:template:)` says that it goes.
    ///   - tenant: A tenant's index.
    /// - Returns: The answer, as far as the policy decides it: not whether path, query and body are
    ///   what the route says.
    public func replay(_ call: RecordedCall, route: Int, tenant: Int) -> ReplayedAnswer {
        guard routes[route].access != .authorized || call.caller != nil else {
            return .unknown("no token was looked at")
        }
        let facts = call.facts(among: conditions(ofTenant: tenant))
        switch decide(route: route, tenant: tenant, partly: facts) {
        case .allow: return .allow
        case .refuse(let denials): return .refuse(denials.map(\.code))
        case .open(let conditions):
            let words = conditions.map { Self.text(of: [$0]) }.joined(separator: ", ")
            return .unknown("not recorded: \(words)")
        }
    }
}

extension ReplayedRoute {
    fileprivate init(_ match: RouteMatch) {
        switch match {
        case .route(let route): self = .route(route)
        case .methodNotAllowed: self = .refuse(code: PolicyOutcome.methodNotAllowed.rawValue)
        case .notFound: self = .refuse(code: PolicyOutcome.routeNotFound.rawValue)
        }
    }
}
