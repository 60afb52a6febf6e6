import Policy

/// The included files that hold tenants: each stands for itself, so that one that is wrong harms no
/// tenant of another.
///
/// An included file is one of them when it holds `tenant` blocks and, but for `upstream` blocks and
/// further `include` lines, nothing else that is known outside of all blocks. One in which nothing is
/// known at all counts when a file of the same `include` holds tenants and none holds anything else,
/// or when it was a file of tenants before.
struct TenantFiles: Sendable {
    /// One such file.
    struct File: Sendable {
        var path: String
        var recording: RecordedSources

        /// The names of the tenants in it, as far as they can be read.
        var tenants: [String]

        /// Whether it was read in the form it had before.
        var isKept: Bool
    }

    /// By the number of the file.
    private var files: [Int: File] = [:]

    /// Without any.
    init() {}

    /// The file that a place belongs to; `nil` for what belongs to no tenant.
    func file(at position: SourcePosition, in sources: SourceMap) -> File? {
        sources.owner(of: position.file).flatMap { files[$0] }
    }

    /// What was read for each file, by its path.
    var recordings: [String: RecordedSources] {
        Dictionary(
            files.values.map { ($0.path, $0.recording) },
            uniquingKeysWith: { one, _ in one }
        )
    }
}

extension TenantFiles {
    /// What stands in the included files, noted statement by statement.
    struct Contents {
        private struct Kinds {
            var tenants: [String] = []
            var holdsTenants = false
            var holdsOthers = false
        }

        /// By the number of the file.
        private var kinds: [Int: Kinds] = [:]

        private static let others = Set(ConfigurationDraft.grammar.rules.map(\.keyword))
            .subtracting(["tenant", "upstream"])

        mutating func note(_ statement: Statement, in sources: SourceMap) {
            guard let file = sources.owner(of: statement.position.file) else { return }
            let keyword = statement.keyword.text
            if keyword == "tenant" {
                kinds[file, default: Kinds()].holdsTenants = true
                kinds[file, default: Kinds()].tenants += statement.arguments.prefix(1).map(\.text)
            } else if Self.others.contains(keyword) {
                kinds[file, default: Kinds()].holdsOthers = true
            }
        }

        /// Tells the files of tenants from the others.
        func tenantFiles(
            among included: [IncludedFile],
            _ forms: TenantFileForms
        ) -> TenantFiles {
            var tenants: Set<SourcePosition> = []
            var others: Set<SourcePosition> = []
            for file in included {
                if kinds[file.file]?.holdsTenants ?? false { tenants.insert(file.include) }
                if kinds[file.file]?.holdsOthers ?? false { others.insert(file.include) }
            }
            var found = TenantFiles()
            for file in included {
                let kinds = kinds[file.file] ?? Kinds()
                let isAmongTenants =
                    tenants.contains(file.include) && !others.contains(file.include)
                guard !kinds.holdsOthers,
                    kinds.holdsTenants || isAmongTenants || forms.running[file.path] != nil
                else { continue }
                found.files[file.file] = File(
                    path: file.path,
                    recording: file.recording,
                    tenants: kinds.tenants,
                    isKept: forms.isKept(file.path)
                )
            }
            return found
        }
    }
}
