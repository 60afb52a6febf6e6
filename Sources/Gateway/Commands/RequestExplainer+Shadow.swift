import Policy

extension RequestExplainer {
    /// Says what the shadow policy, if there is one, answers the same caller.
    ///
    /// It is not asked of requests that are refused before their route is looked for.
    func explainShadow(_ tenant: Int, _ explanation: inout Explanation) {
        guard let shadow = prepared.shadow?.policy else { return }
        var parameters = PathParameters()
        let found = shadow.shadowAnswer(
            method: MethodCode(name: method),
            path: Array(target.path.utf8).span,
            tenant: tenant,
            address: address,
            caller: shadowCaller(explanation),
            parameters: &parameters
        )
        let route = found.route >= 0 ? ", by route \(shadow.routes[found.route].name)" : ""
        explanation.shadow = "\(found.answer.code)\(route)"
    }

    private func shadowCaller(_ explanation: Explanation) -> ShadowCaller {
        if let facts = explanation.shadowFacts { return .known(facts) }
        if case .none = credential { return .stranger }
        let isJudged = explanation.refusal.map { $0.status != 404 && $0.status != 405 } ?? false
        return isJudged ? .refused : .unjudged
    }
}
