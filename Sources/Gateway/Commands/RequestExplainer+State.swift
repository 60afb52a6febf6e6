import Policy

extension RequestExplainer {
    /// Whether the tenant is served at all.
    func explainState(_ tenant: Int, _ explanation: inout Explanation) -> Bool {
        switch prepared.loaded.configuration.tenants[tenant].state {
        case .active, .readOnly: return true
        case .suspended: refuse(tenant, 503, "tenant-suspended", &explanation)
        case .closed: refuse(tenant, 403, "tenant-suspended", &explanation)
        }
        return false
    }

    /// Whether the tenant takes requests that may change something.
    func explainChange(_ tenant: Int, _ explanation: inout Explanation) -> Bool {
        guard prepared.loaded.configuration.tenants[tenant].state == .readOnly else { return true }
        let safe = MethodCode.allCases.filter(\.isSafe).map(\.name).joined(separator: ", ")
        guard !MethodCode(name: method).isSafe else {
            explanation.pass("tenant", found: method, wanted: safe)
            return true
        }
        refuse(tenant, 403, "tenant-read-only", wanted: safe, &explanation)
        return false
    }

    private func refuse(
        _ number: Int,
        _ status: Int,
        _ code: String,
        wanted: String = "a tenant that is served",
        _ explanation: inout Explanation
    ) {
        let tenant = prepared.loaded.configuration.tenants[number]
        let line = tenant.statePosition ?? tenant.position
        explanation.refuse(
            "tenant",
            status,
            code,
            found: "\(tenant.state.words ?? "active"), \(place(line))",
            wanted: wanted
        )
    }
}
