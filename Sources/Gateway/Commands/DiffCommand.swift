import Policy

/// `postern diff`.
enum DiffCommand {
    static let command = Command(
        name: "diff",
        usage: "OLD NEW",
        summary: "every tenant, route and role whose answer differs between two configurations",
        run: run
    )

    private static let reader = ArgumentReader(operands: ["OLD", "NEW"])

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let read = try reader.read(arguments)
        do throws(PreparedConfiguration.Failure) {
            let old = try Side(path: read.operands[0])
            let new = try Side(path: read.operands[1])
            let rows = rows(old, new)
            guard !rows.isEmpty else { return .done }
            StandardStream.output.write(
                TextTable.render([["TENANT", "ROUTE", "WHO", "OLD", "NEW"]] + rows)
            )
            return .failed
        } catch {
            return CheckCommand.report(error)
        }
    }

    /// One of the two, as far as answers depend on it.
    private struct Side {
        let tenants: [Configuration.Tenant]
        let policy: CompiledPolicy
        let roles: [String]

        /// Reads a configuration and its policies; certificates and keys are not looked at.
        init(path: String) throws(PreparedConfiguration.Failure) {
            let loaded = try PreparedConfiguration.load(path: path)
            let documents = PreparedConfiguration.documents(of: loaded)
            tenants = loaded.configuration.tenants
            policy = try PreparedConfiguration.policy(of: loaded, documents)
            roles = documents.flatMap(\.roleNames)
        }
    }

    private static func rows(_ old: Side, _ new: Side) -> [[String]] {
        let routes = PolicyDifference.between(old.policy, new.policy, roles: old.roles + new.roles)
        return tenantRows(old, new)
            + routes.map { [$0.tenant ?? "*", $0.route, $0.subject, $0.old, $0.new] }
    }

    /// Tenants that only one side has, and those whose state differs.
    private static func tenantRows(_ old: Side, _ new: Side) -> [[String]] {
        let olds = states(of: old)
        let news = states(of: new)
        let names = new.tenants.map(\.name) + old.tenants.map(\.name).filter { news[$0] == nil }
        return names.compactMap { name in
            let (before, after) = (olds[name] ?? "no tenant", news[name] ?? "no tenant")
            return before == after ? nil : [name, "*", "*", before, after]
        }
    }

    private static func states(of side: Side) -> [String: String] {
        var states: [String: String] = [:]
        for tenant in side.tenants { states[tenant.name] = tenant.state.words ?? "active" }
        return states
    }
}
