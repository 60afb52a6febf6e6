import Policy

/// `postern check`.
enum CheckCommand {
    static let command = Command(
        name: "check",
        usage: "--config FILE",
        summary: "read, resolve and test everything that a start would; say what is wrong",
        run: run
    )

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let reader = ArgumentReader(valued: ["--config"], required: ["--config"])
        let path = try reader.read(arguments).required("--config")
        do throws(PreparedConfiguration.Failure) {
            let prepared = try PreparedConfiguration(path: path)
            let now = Clock.unixSeconds()
            for warning in prepared.shownWarnings(at: now) {
                StandardStream.error.writeLine("warning: " + warning)
            }
            for lint in prepared.lints { StandardStream.error.writeLine(lint) }
            StandardStream.output.write(summary(prepared, path: path))
            return .done
        } catch {
            return report(error)
        }
    }

    /// Shows what is wrong, on standard error.
    static func report(_ failure: PreparedConfiguration.Failure) -> ExitStatus {
        switch failure {
        case .invalid(let text):
            StandardStream.error.write(text)
            return .refused
        case .testsFailed(let text):
            StandardStream.error.write(text)
            return .failed
        }
    }

    private static func summary(_ prepared: PreparedConfiguration, path: String) -> String {
        let configuration = prepared.loaded.configuration
        var text = "\(path): ok\n"
        for listener in configuration.listeners {
            text += "listen    \(shown(listener.address))\n"
        }
        if let admin = configuration.admin { text += "admin     \(shown(admin.address))\n" }
        for certificate in prepared.certificates {
            let names = certificate.names.joined(separator: " ")
            text += "tls       \(certificate.files.chainPath): \(names), "
            text += "until \(PreparedConfiguration.day(certificate.notAfter))\n"
        }
        for (index, tenant) in configuration.tenants.enumerated() {
            let hosts = tenant.hosts.map(\.name).joined(separator: " ")
            let upstream = configuration.upstreams[tenant.upstream].name
            text += "tenant    \(tenant.name): \(hosts), upstream \(upstream), "
            text += keys(of: tenant, count: prepared.fileKeyCounts[index])
            text += (tenant.state.words.map { ", " + $0 } ?? "") + "\n"
        }
        let policy = prepared.policy
        text += "policy    \(count(policy.routes.count, "route")), "
        text += "\(count(policy.testCount, "test")) passed\n"
        text += openRoutes(of: prepared)
        text += prepared.shadow.map(shadow) ?? ""
        for file in prepared.revocationFiles {
            text += "revoked   \(file.path): \(entries(file.counts.total))"
            text += file.tenant.map { " of tenant \($0)\n" } ?? "\n"
        }
        if let journal = configuration.analytics.journal { text += "journal   \(journal.path)\n" }
        return text
    }

    /// The policy that only looks on, and what of the tenants' own lines it does not have.
    private static func shadow(_ shadow: ShadowPolicy) -> String {
        let policy = shadow.policy
        let head =
            "shadow    \(count(policy.routes.count, "route")), "
            + "\(count(policy.testCount, "test")) passed, never enforced\n"
        return shadow.leftOut.reduce(head) { text, block in
            text + "shadow    has no route \(block.route): "
                + "the lines of tenant \(block.tenant) for it are left out\n"
        }
    }

    /// The routes that ask for no token, for somebody to look at.
    private static func openRoutes(of prepared: PreparedConfiguration) -> String {
        prepared.policy.routes.filter { $0.access != .authorized }.map { route in
            let what = route.access == .public ? "public   " : "passes   "
            let matches = route.matches.map { "\($0.method) \($0.template)" }
            let place = prepared.loaded.sources.path(of: route.position.file)
            return "\(what) \(route.name): \(matches.joined(separator: ", ")), "
                + "\(place):\(route.position.line)\n"
        }
        .joined()
    }

    private static func keys(of tenant: Configuration.Tenant, count keys: Int?) -> String {
        switch tenant.tokens?.keys?.source {
        case nil:
            tenant.tokens?.introspection.map { "tokens asked for at \($0.shownURL)" }
                ?? "no tokens"
        case .file(let path): "keys \(path)" + (keys.map { " (\(count($0, "key")))" } ?? "")
        case .url(let url):
            "keys \(Configuration.KeySource.url(url).shown), asked for at start"
        case .discovery(let issuer): "keys by discovery from \(issuer), asked for at start"
        }
    }

    private static func shown(_ address: Configuration.Address) -> String {
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        return "\(host):\(address.port)"
    }

    private static func entries(_ number: Int) -> String {
        "\(number) " + (number == 1 ? "entry" : "entries")
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)" + (number == 1 ? "" : "s")
    }
}
