import FoundationEssentials
import Policy

extension PreparedConfiguration {
    /// What stops nothing and should be known, at `now` in seconds since 1970.
    func shownWarnings(at now: Int64) -> [String] {
        let outOfDate = certificates.filter { $0.isOutOfDate(at: now) }.map {
            "the certificate in `\($0.files.chainPath)` is valid from \(Self.day($0.notBefore)) "
                + "to \(Self.day($0.notAfter)): clients will refuse it"
        }
        return outOfDate + warnings.map(\.message)
    }

    /// Tenants whose authorization endpoint refuses everybody, because they name no client.
    static func clientWarnings(
        of loaded: LoadedConfiguration,
        _ policy: CompiledPolicy
    ) -> [Diagnostic] {
        let isChecked = policy.routes.contains {
            $0.checksAuthorization || $0.checksPushedAuthorization
        }
        guard isChecked else { return [] }
        return loaded.configuration.tenants.filter(\.clients.isEmpty).map { tenant in
            let place = tenant.position
            return Diagnostic(
                "\(loaded.sources.path(of: place.file)):\(place.line): tenant `\(tenant.name)` "
                    + "has no `client`, so every authorization request to it is refused",
                at: place
            )
        }
    }

    /// The day of a time in seconds since 1970, in UTC.
    static func day(_ seconds: Int64) -> String {
        String(Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601).prefix(10))
    }
}
