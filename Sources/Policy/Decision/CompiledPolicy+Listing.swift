extension CompiledPolicy {
    /// The route table as a tenant has it, in the order of the policy files.
    ///
    /// - Parameter tenant: A tenant's index; `nil` shows the policy without any override.
    /// - Returns: One row a template.
    public func listing(tenant: Int? = nil) -> [RouteListing] {
        routes.indices.flatMap { route in
            let access = accessText(of: route, tenant)
            let family = routes[route].eventFamily.map { String(decoding: $0, as: UTF8.self) }
            return templates(of: route).map { path, methods in
                RouteListing(
                    methods: methods,
                    path: path,
                    access: access,
                    eventFamily: family,
                    limits: routes[route].limits,
                    route: routes[route].name
                )
            }
        }
    }

    /// The templates of a route, each once, with their methods.
    private func templates(of route: Int) -> [(path: String, methods: [String])] {
        var rows: [(path: String, methods: [String])] = []
        for match in routes[route].matches {
            if let row = rows.firstIndex(where: { $0.path == match.template }) {
                rows[row].methods.append(match.method)
            } else {
                rows.append((match.template, [match.method]))
            }
        }
        return rows
    }

    private func accessText(of route: Int, _ tenant: Int?) -> String {
        let lines = lines(ofRoute: route, tenant: tenant)
        let denies = lines.filter { $0.effect == .deny }
        guard !denies.contains(where: { $0.text == Self.anyText }) else { return "nobody" }
        let allows: [String] =
            switch routes[route].access {
            case .public: ["public"]
            case .credentialsPass: ["credentials pass"]
            case .authorized: lines.filter { $0.effect == .allow }.map(\.text)
            }
        return (allows.isEmpty ? ["nobody"] : allows + denies.map { "not \($0.text)" })
            .joined(separator: "; ")
    }
}
