import Policy

/// Everything that is wrong with a configuration, and the text it is about.
struct ConfigurationFailure: Error, Sendable, CustomStringConvertible {
    /// At least one, in the order of their places.
    let diagnostics: [Diagnostic]

    /// What the positions refer to.
    let sources: SourceMap

    /// The files of tenants among them.
    let tenantFiles: TenantFiles

    /// Whether all that is wrong is that `test` lines fail.
    var isOfTests = false

    /// What the user reads: for each fault its place, its line and a caret.
    var description: String { sources.render(diagnostics) }

    /// The files of tenants that are at fault, when nothing else is.
    ///
    /// Of two that disagree the one that has changed is at fault.
    func refusedFiles(_ forms: TenantFileForms) -> [RefusedTenantFile]? {
        var faults: [String: (file: TenantFiles.File, diagnostics: [Diagnostic])] = [:]
        for diagnostic in diagnostics {
            let places = [diagnostic.position, diagnostic.related].compactMap(\.self)
            let files = places.compactMap { tenantFiles.file(at: $0, in: sources) }
                .filter { !$0.isKept }
            guard let file = files.first(where: forms.isChanged) ?? files.first else { return nil }
            faults[file.path, default: (file, [])].diagnostics.append(diagnostic)
        }
        return faults.values.sorted { $0.file.path < $1.file.path }.map { file, diagnostics in
            RefusedTenantFile(
                path: file.path,
                text: sources.render(diagnostics),
                isOfTests: isOfTests,
                keepsOldForm: forms.running[file.path] != nil,
                tenants: file.tenants
            )
        }
    }

    /// The files of tenants whose old form does not fit what is new.
    var unfitFiles: [String] {
        let files = diagnostics.compactMap { tenantFiles.file(at: $0.position, in: sources) }
        return Set(files.filter(\.isKept).map(\.path)).sorted()
    }
}
