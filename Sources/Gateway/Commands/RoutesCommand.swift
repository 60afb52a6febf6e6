import Policy

/// `postern routes`.
enum RoutesCommand {
    static let command = Command(
        name: "routes",
        usage: "--config FILE [--tenant TENANT]",
        summary: "the effective table: method, path, who may call it, event family",
        run: run
    )

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let reader = ArgumentReader(valued: ["--config", "--tenant"], required: ["--config"])
        let read = try reader.read(arguments)
        let prepared: PreparedConfiguration
        do throws(PreparedConfiguration.Failure) {
            prepared = try PreparedConfiguration(path: read.required("--config"))
        } catch {
            return CheckCommand.report(error)
        }
        let tenant = try read["--tenant"].map { (name) throws(UsageFailure) in
            try index(of: name, in: prepared.policy.tenantNames)
        }
        StandardStream.output.write(table(prepared.policy.listing(tenant: tenant)))
        StandardStream.output.write(states(of: prepared.loaded.configuration, tenant: tenant))
        return .done
    }

    /// The number of the tenant called `name`.
    static func index(of name: String, in tenants: [String]) throws(UsageFailure) -> Int {
        if let index = tenants.firstIndex(of: name) { return index }
        let nearest = NearestWord.of(name, among: tenants)
        let wanted = nearest.map { "a tenant, perhaps `\($0)`" } ?? "a tenant"
        throw .badValue(option: "--tenant", value: name, wanted: wanted)
    }

    /// A line for each tenant that is not served as the table says; for all of them, or for one.
    private static func states(of configuration: Configuration, tenant: Int?) -> String {
        let lines = configuration.tenants.enumerated().compactMap { index, one -> String? in
            guard tenant == nil || tenant == index, let words = one.state.words else { return nil }
            return "tenant \(one.name) is \(words)\n"
        }
        return lines.isEmpty ? "" : "\n" + lines.joined()
    }

    private static func table(_ rows: [RouteListing]) -> String {
        let hasLimits = rows.contains { !$0.limits.isEmpty }
        var cells = [["METHOD", "PATH", "WHO", "EVENTS", "ROUTE"] + (hasLimits ? ["LIMITS"] : [])]
        for row in rows {
            let limits = row.limits.isEmpty ? "-" : row.limits.joined(separator: "; ")
            cells.append(
                [
                    row.methods.joined(separator: ","), row.path, row.access,
                    row.eventFamily ?? "-", row.route,
                ] + (hasLimits ? [limits] : [])
            )
        }
        return TextTable.render(cells)
    }
}
