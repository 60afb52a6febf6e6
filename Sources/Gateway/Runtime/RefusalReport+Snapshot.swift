import HTTP
import Policy

extension RefusalReport {
    /// Explains a refusal by the configuration that is in force, if that decided it.
    init(_ refused: RefusedRequest, _ snapshot: Snapshot) {
        let row = refused.refusal.row
        requestID = Self.text(of: refused.requestID.span)
        let time = EventTime.text(refused.unixMilliseconds)
        self.time = Self.text(of: time.span)
        method = "\(refused.method.name)"
        status = row.status
        code = "\(row.code)"
        message = "\(row.message)"
        if !refused.client.isEmpty || !refused.roles.isEmpty {
            client = String(decoding: refused.client, as: UTF8.self)
            roles = String(decoding: refused.roles, as: UTF8.self).split(separator: ",")
                .map(String.init)
        }
        guard refused.generation == snapshot.generation else {
            checks = [
                Check(
                    name: refused.refusal.check.rawValue,
                    result: "refused",
                    detail: "by a configuration that has been replaced since"
                )
            ]
            return
        }
        if refused.tenant >= 0 { tenant = snapshot.tenants[refused.tenant].name }
        if refused.route >= 0 { route = snapshot.policy.routes[refused.route].name }
        for check in Refusal.Check.allCases {
            checks += Self.lines(of: check, refused, snapshot)
            checks.append(Self.check(check, refused, snapshot))
            if check == refused.refusal.check { return }
        }
    }

    private static func check(
        _ check: Refusal.Check,
        _ refused: RefusedRequest,
        _ snapshot: Snapshot
    ) -> Check {
        let isRefused = check == refused.refusal.check
        var made = Check(name: check.rawValue, result: isRefused ? "refused" : "passed")
        if isRefused { made.detail = "\(refused.refusal.row.code)" }
        switch check {
        case .tenant, .change:
            guard isRefused, refused.tenant >= 0 else { break }
            let tenant = snapshot.configuration.tenants[refused.tenant]
            made.place = tenant.statePosition.map(snapshot.place)
        case .route where refused.route >= 0:
            made.place = snapshot.place(of: snapshot.policy.routes[refused.route].position)
        case .policy where isRefused:
            let trace = refused.trace(by: snapshot.policy)
            made.detail = trace.decisive == nil ? "no allow line holds" : "a deny line holds"
            made.place = trace.decisive.map { snapshot.place(of: $0.position) }
        default: break
        }
        return made
    }

    /// The lines of the route, in front of the check that they make up.
    private static func lines(
        of check: Refusal.Check,
        _ refused: RefusedRequest,
        _ snapshot: Snapshot
    ) -> [Check] {
        guard check == .policy, check == refused.refusal.check else { return [] }
        return refused.trace(by: snapshot.policy).lines.map { line in
            Check(
                name: line.effect.rawValue,
                result: line.holds ? "holds" : "does not hold",
                detail: line.text,
                place: snapshot.place(of: line.position)
            )
        }
    }

    private static func text(of bytes: Span<UInt8>) -> String {
        var copy: [UInt8] = []
        for index in bytes.indices { copy.append(bytes[index]) }
        return String(decoding: copy, as: UTF8.self)
    }
}

extension RefusedRequest {
    fileprivate func trace(by policy: CompiledPolicy) -> DecisionTrace {
        policy.trace(route: route, tenant: tenant, facts: facts)
    }
}

extension Snapshot {
    /// A place in the files, `policies/openid4vci.policy:12`.
    fileprivate func place(of position: SourcePosition) -> String {
        "\(sourcePaths[position.file]):\(position.line)"
    }
}
