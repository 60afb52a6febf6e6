import Policy

/// In which form the files of tenants are to be read.
struct TenantFileForms: Sendable {
    /// What was read for each file of the running configuration, by its path.
    var running: [String: RecordedSources] = [:]

    /// The files that are not to be read as they are now.
    private(set) var replaced: [String: IncludedFile.Form] = [:]

    /// Whether a file is read in the form it had before.
    func isKept(_ path: String) -> Bool {
        if case .kept = replaced[path] { true } else { false }
    }

    /// Goes back to the form that a file had before; one that is new is left out.
    mutating func refuse(_ path: String) {
        replaced[path] = running[path].map { .kept($0) } ?? .leftOut
    }

    /// Whether a file differs from its running form.
    func isChanged(_ file: TenantFiles.File) -> Bool { running[file.path] != file.recording }
}

/// A file of tenants that cannot be used as it is.
struct RefusedTenantFile: Hashable, Sendable {
    var path: String

    /// What is wrong with it, as `check` shows it.
    var text: String

    /// Whether all that is wrong is that `test` lines fail.
    var isOfTests: Bool

    /// Whether its tenants go on in the form they had; otherwise they are not there.
    var keepsOldForm: Bool

    /// The tenants in it, as far as they can be read.
    var tenants: [String]
}
