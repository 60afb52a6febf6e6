import Policy

extension PreparedConfiguration {
    /// What `check` warns of in the policies and the tenants' own lines, each on one line.
    var lints: [String] {
        PolicyLint.findings(
            in: policy,
            from: documents,
            grants: loaded.configuration.tenants.map(\.grants),
            sources: loaded.sources
        )
        .map(loaded.sources.renderWarning)
    }
}

extension Configuration.Tenant {
    /// The roles that its tokens can give; `nil`: any.
    fileprivate var grants: PolicyLint.Grants {
        guard let rules = tokens?.rules, !rules.rolesPath.isEmpty else { return [] }
        return rules.roleMapping.isEmpty ? nil : Set(rules.roleMapping.values.joined())
    }
}
