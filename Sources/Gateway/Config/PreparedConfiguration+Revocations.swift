import Policy

extension PreparedConfiguration {
    /// Reads every file that a `revoked` line names, up to `entriesMax` entries in all.
    static func revocationFiles(
        of configuration: Configuration,
        entriesMax: Int = Revocations.entriesMax,
        _ diagnostics: inout [Diagnostic]
    ) -> [RevocationFile] {
        var wanted = configuration.revoked.map { (path: $0, tenant: String?.none) }
        for tenant in configuration.tenants {
            wanted += (tenant.tokens?.revoked ?? []).map { (path: $0, tenant: tenant.name) }
        }
        var files: [RevocationFile] = []
        var room = entriesMax
        for (named, tenant) in wanted {
            do throws(RevocationFile.Failure) {
                let file = try RevocationFile(named.path, tenant: tenant, entriesMax: room)
                room -= file.counts.total
                files.append(file)
            } catch {
                let words = "cannot use `\(named.path)`: \(error)"
                diagnostics.append(Diagnostic(words, at: named.position))
            }
        }
        return files
    }
}

extension Configuration {
    /// The folders that posted revocations may be kept in: the journal's, then those of the keys.
    var revocationsFolders: [String] {
        let folders = [analytics.journal?.path, keysCache?.path]
        return (folders + tenants.map { $0.tokens?.keysCache?.path }).compactMap(\.self)
    }
}
