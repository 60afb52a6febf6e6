import HTTP
import Policy

extension RequestExplainer {
    /// Path, query and body against what the route says of them.
    func explainRequest(
        _ route: CompiledRoute,
        _ parameters: PathParameters,
        _ explanation: inout Explanation
    ) {
        let faults = pathFaults(parameters) + queryFaults(route)
        if let body, body.count > route.bodyBytesMax, faults.isEmpty {
            explanation.refuse(
                "request",
                413,
                "body-too-large",
                found: "a body of \(body.count) bytes",
                wanted: "at most \(route.bodyBytesMax)"
            )
            return
        }
        let all = faults + (body.map { route.faults(inBody: $0) } ?? [])
        guard all.isEmpty else {
            explanation.refuse(
                "request",
                400,
                "invalid-request",
                found: all.map(Self.words).joined(separator: "; "),
                wanted: "what the route says, \(place(route.position))"
            )
            return
        }
        explanation.pass("request", found: "path and query are as the route says")
        switch (route.schema.body.kind, body) {
        case (.unchecked, _): break
        case (_, .some): explanation.pass("body", found: "it is as the route says")
        case (_, nil): explanation.skip("body", "looked at with --body-file only")
        }
    }

    private func pathFaults(_ parameters: PathParameters) -> [RequestFault] {
        let path = Array(target.path.utf8)
        return prepared.policy.parameterFaults(parameters, in: path.span).map { fault in
            RequestFault(
                fault.name,
                in: .path,
                message: "Invalid value, wanted \(fault.expected.rawValue)",
                value: Array(path[fault.value])
            )
        }
    }

    private func queryFaults(_ route: CompiledRoute) -> [RequestFault] {
        let query = Array((target.query ?? "").utf8)
        guard QuerySyntax.check(query.span) else { return [.malformed(.query)] }
        return route.checksQuery ? route.faults(inQuery: query.span) : []
    }

    /// Such as `id in the path is 17: Invalid value, wanted uuid`.
    private static func words(_ fault: RequestFault) -> String {
        let value = fault.value.isEmpty ? "" : " is " + String(decoding: fault.value, as: UTF8.self)
        return "\(fault.parameter) in the \(fault.location.rawValue)\(value): \(fault.message)"
    }
}
