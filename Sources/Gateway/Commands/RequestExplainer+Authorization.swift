import Policy

extension RequestExplainer {
    /// Every check of an authorization request, a line each.
    ///
    /// A pushed one only when a body is given.
    func explainAuthorization(
        _ route: CompiledRoute,
        _ tenant: Int,
        _ explanation: inout Explanation
    ) {
        let check = prepared.policy.authorizations[tenant]
        if route.checksAuthorization {
            let query = Array((target.query ?? "").utf8)
            show(check.findings(in: query.span), &explanation)
        }
        if route.checksPushedAuthorization, let body {
            show(check.findings(in: body.span, .pushed), &explanation)
        }
    }

    private func show(_ findings: [AuthorizationFinding], _ explanation: inout Explanation) {
        for finding in findings {
            let name = "  " + (finding.parameter?.rawValue ?? "request")
            guard let fault = finding.fault else {
                guard finding.value != nil else { continue }
                explanation.pass(name, found: found(finding))
                continue
            }
            let refusal = Refusal(fault)
            explanation.refuse(
                name,
                refusal.status,
                "\(refusal.code)",
                found: found(finding),
                wanted: "\(fault.message)"
            )
        }
    }

    /// What a message may say of a value; a `state` is the client's own secret.
    private func found(_ finding: AuthorizationFinding) -> String {
        guard let value = finding.value else { return "none" }
        return finding.parameter == .state ? "a state" : Word.presentable(value)
    }
}
