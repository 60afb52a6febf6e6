import HTTP
import Policy

/// Walks one request through the checks that a running gateway makes, without a connection.
struct RequestExplainer {
    /// What stands for the caller's credential.
    enum Credential: Sendable {
        case none

        /// Claims that are taken as if a valid signature covered them.
        ///
        /// Of what a token must have, they need to say only what matters for the question.
        case claims(String)

        /// A whole token, to be validated with the tenant's keys.
        case token([UInt8])
    }

    let prepared: PreparedConfiguration
    let method: String
    let target: RequestTarget
    let credential: Credential

    /// What the caller shows besides the token.
    var possession = Possession()

    /// The body; `nil`: none is given, and none is looked at.
    var body: [UInt8]?

    /// Where the connection comes from; `nil`: from nowhere that a line names.
    let address: NetworkAddress?

    /// Seconds since 1970.
    let now: Int64

    /// Every check up to the first that refuses.
    func explain() -> Explanation {
        var explanation = Explanation()
        explanation.skip("framing", "seen on a connection only")
        guard let tenant = explainHost(&explanation), explainState(tenant, &explanation),
            explainPath(&explanation)
        else { return explanation }
        if explainMetadata(tenant, &explanation) { return explanation }
        var parameters = PathParameters()
        guard let route = explainRoute(&parameters, &explanation) else {
            explainShadow(tenant, &explanation)
            return explanation
        }
        guard explainChange(tenant, &explanation) else { return explanation }
        let taken = prepared.policy.routes[route]
        let limits = taken.limits.isEmpty ? "" : taken.limits.joined(separator: ", ") + ": "
        explanation.skip("limits", limits + "known to a running gateway only")
        var facts = FactSet()
        if taken.access == .authorized {
            guard let found = explainCredential(tenant, &explanation) else {
                if !explanation.isUndecided { explainShadow(tenant, &explanation) }
                return explanation
            }
            facts = found
        } else {
            let what = taken.access == .public ? "public" : "credentials pass"
            explanation.pass("credential", found: what, wanted: "none by this route")
        }
        if let address {
            facts.formUnion(prepared.policy.facts(of: address, tenant: tenant))
        }
        explanation.skip("journal", events(of: taken))
        explainShadow(tenant, &explanation)
        guard explainPolicy(route, tenant, facts, &explanation) else { return explanation }
        explainRequest(taken, parameters, &explanation)
        if explanation.refusal == nil { explainAuthorization(taken, tenant, &explanation) }
        if explanation.refusal == nil { explanation.outlook = outlook(taken, tenant) }
        return explanation
    }

    private func events(of route: CompiledRoute) -> String {
        guard let family = route.eventFamily else { return "this route has no events" }
        return String(decoding: family, as: UTF8.self) + "_START is written here"
    }

    private func outlook(_ route: CompiledRoute, _ tenant: Int) -> String {
        if route.servesEvents { return "answered from the journal\n" }
        let configuration = prepared.loaded.configuration
        let upstream = configuration.upstreams[configuration.tenants[tenant].upstream]
        return "forwarded to upstream \(upstream.name)\n"
    }
}

extension RequestExplainer {
    private func explainHost(_ explanation: inout Explanation) -> Int? {
        let tenants = prepared.loaded.configuration.tenants
        guard let host = target.host else {
            guard tenants.count == 1 else {
                explanation.refuse(
                    "host",
                    421,
                    "host-unknown",
                    found: "a path without a host",
                    wanted: "a URL with a tenant's host"
                )
                return nil
            }
            explanation.pass("host", found: "the only tenant", wanted: "tenant \(tenants[0].name)")
            return 0
        }
        guard let tenant = prepared.hosts.tenant(ofHost: Array(host.utf8).span) else {
            let known = tenants.flatMap(\.hosts).map(\.name)
            let nearest = NearestWord.of(host, among: known).map { ", perhaps \($0)" } ?? ""
            explanation.refuse(
                "host",
                421,
                "host-unknown",
                found: host,
                wanted: "a tenant's host" + nearest
            )
            return nil
        }
        explanation.pass("host", found: host, wanted: "tenant \(tenants[tenant].name)")
        return tenant
    }

    private func explainPath(_ explanation: inout Explanation) -> Bool {
        if let fault = PathCanonicality.fault(in: Array(target.path.utf8).span) {
            explanation.refuse(
                "path",
                400,
                "path-not-canonical",
                found: "\(target.path): \(fault.words)",
                wanted: "the canonical form"
            )
            return false
        }
        explanation.pass("path", found: target.path, wanted: "the canonical form")
        return true
    }

    private func explainRoute(
        _ parameters: inout PathParameters,
        _ explanation: inout Explanation
    ) -> Int? {
        let found = prepared.policy.match(
            method: MethodCode(name: method),
            path: Array(target.path.utf8).span,
            parameters: &parameters
        )
        switch found {
        case .route(let index):
            let route = prepared.policy.routes[index]
            explanation.pass(
                "route",
                found: method,
                wanted: "\(route.name), \(place(route.position))"
            )
            return index
        case .methodNotAllowed(let allow):
            let names = allow.names.joined(separator: ", ")
            explanation.refuse(
                "route",
                405,
                "method-not-allowed",
                found: method,
                wanted: names
            )
        case .notFound:
            explanation.refuse(
                "route",
                404,
                "route-not-found",
                found: target.path,
                wanted: "a path that a route names"
            )
        }
        return nil
    }

    private func explainPolicy(
        _ route: Int,
        _ tenant: Int,
        _ facts: FactSet,
        _ explanation: inout Explanation
    ) -> Bool {
        let isAuthorized = prepared.policy.routes[route].access == .authorized
        let trace = prepared.policy.trace(route: route, tenant: tenant, facts: facts)
        guard isAuthorized || !trace.lines.isEmpty else { return true }
        for line in trace.lines {
            let holds = line.holds ? "holds" : "does not hold"
            explanation.skip(
                "  \(line.effect.rawValue)",
                "\(line.text): \(holds), \(place(line.position))"
            )
        }
        if let denial = trace.denial {
            explanation.refuse(
                "policy",
                403,
                denial.code,
                found: trace.decisive.map(words) ?? "no allow line holds",
                wanted: "an allow line that holds and no deny line"
            )
            return false
        }
        explanation.pass(
            "policy",
            found: trace.decisive.map(words) ?? "no deny line holds",
            wanted: isAuthorized ? "an allow line that holds" : "no deny line that holds"
        )
        return true
    }

    /// A line and where it stands.
    private func words(_ line: DecisionTrace.Line) -> String {
        "\(line.effect.rawValue) \(line.text), \(place(line.position))"
    }

    /// A place in the files, `policies/openid4vci.policy:12`.
    func place(_ position: SourcePosition) -> String {
        "\(prepared.loaded.sources.path(of: position.file)):\(position.line)"
    }
}

extension PathCanonicality.Fault {
    /// What is wrong, for people.
    fileprivate var words: String {
        switch self {
        case .notRooted: "it does not begin with a slash"
        case .emptySegment: "it has an empty segment"
        case .dotSegment: "it has a segment `.` or `..`"
        case .forbiddenByte: "it has a character that may not stand in a path as it is"
        case .malformedEncoding: "a `%` is not followed by two hexadecimal digits"
        case .lowercaseEncoding: "an encoded byte is not in upper case"
        case .needlessEncoding: "it encodes a character that stands as itself"
        case .forbiddenEncoding: "it encodes a control character or a separator"
        case .malformedUTF8: "its encoded bytes are not UTF-8"
        }
    }
}
