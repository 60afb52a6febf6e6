import Policy

extension RequestExplainer {
    /// Every check of an authorization request, a line each.
    func explainAuthorization(_ tenant: Int, _ explanation: inout Explanation) {
        let query = Array((target.query ?? "").utf8)
        let findings = prepared.policy.authorizations[tenant].findings(in: query.span)
        for finding in findings {
            let name = "  " + (finding.parameter?.rawValue ?? "query")
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
