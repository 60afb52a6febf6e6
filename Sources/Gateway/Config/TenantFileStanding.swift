import Policy

/// How the files of tenants stand in the configuration that runs.
struct TenantFileStanding: Sendable {
    /// What was read for each file that is in use, by its path: the form to go back to.
    var recordings: [String: RecordedSources] = [:]

    /// The files that are not used as they are.
    var refused: [RefusedTenantFile] = []

    /// The tenants that go on in the form they had, with the file of each.
    var oldForms: [String: String] = [:]

    init() {}

    init(_ prepared: PreparedConfiguration) {
        let loaded = prepared.loaded
        recordings = loaded.tenantFiles.recordings
        refused = prepared.refusedFiles
        guard !refused.isEmpty else { return }
        for tenant in loaded.configuration.tenants {
            let file = loaded.tenantFiles.file(at: tenant.position, in: loaded.sources)
            if let file, file.isKept { oldForms[tenant.name] = file.path }
        }
    }
}

extension RefusedTenantFile {
    /// What the refusal means, for an operator.
    var consequence: String {
        keepsOldForm
            ? "`\(path)` is refused and keeps its old form"
            : "`\(path)` is refused and left out"
    }
}

extension PreparedConfiguration {
    /// Why tenants of the `running` configuration would vanish through a mistake; `nil` when none do.
    ///
    /// Theirs is a file that is refused and has no old form of its own, since they came from
    /// elsewhere: a file under another name, or one that held more than tenants.
    func lostTenants(of running: Configuration) -> String? {
        let newcomers = refusedFiles.filter { !$0.keepsOldForm && !$0.tenants.isEmpty }
        guard !newcomers.isEmpty else { return nil }
        let lost = Set(running.tenants.map(\.name))
            .subtracting(loaded.configuration.tenants.map(\.name))
        let lines = newcomers.flatMap { file in
            file.tenants.filter(lost.contains).map {
                "postern: tenant `\($0)` is served, and `\(file.path)` has no old form to go on in\n"
            }
        }
        return lines.isEmpty ? nil : (refusedFiles.map(\.text) + lines).joined()
    }
}
