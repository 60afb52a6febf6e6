import FoundationEssentials
import Policy

/// Reads a configuration file with everything it includes and the policy files it names.
///
/// It knows the words and what they may say. Whether a certificate loads, a key set answers or a
/// policy holds together is found out by others, with the positions kept here.
enum ConfigurationLoader {
    /// Reads a configuration.
    ///
    /// A statement is given its meaning as soon as it is read, and not kept: a configuration of many
    /// tenants takes many times its size as words.
    ///
    /// - Parameters:
    ///   - path: The file, as the user names it; errors name the files from there.
    ///   - reading: What reads files and environment variables.
    ///   - forms: In which form the files of tenants are read.
    ///   - processors: How many event loops `workers auto` makes.
    /// - Returns: The configuration, when nothing at all is wrong.
    /// - Throws: Every fault of all the files.
    static func load(
        path: String,
        reading: any SourceReading = SystemSources(),
        forms: TenantFileForms = TenantFileForms(),
        processors: Int = ProcessInfo.processInfo.activeProcessorCount
    ) throws(ConfigurationFailure) -> LoadedConfiguration {
        var loader = SourceLoader(reading: reading, forms: forms.replaced)
        var reader = StatementReader(sources: loader.sources)
        var draft = ConfigurationDraft(processors: processors)
        var contents = TenantFiles.Contents()
        var pass = Grammar.Pass(ConfigurationDraft.grammar)
        loader.load(path) { statement, sources in
            contents.note(statement, in: sources)
            // Lent, not copied: there are as many files as there are tenants.
            swap(&reader.sources, &sources)
            pass.take(statement, into: &draft, &reader)
            swap(&reader.sources, &sources)
        }
        let tenantFiles = contents.tenantFiles(among: loader.includedFiles, forms)
        guard loader.isReadable else { throw failure(loader.diagnostics, loader, tenantFiles) }
        reader.sources = loader.sources
        pass.finish(&reader, owner: SourcePosition(file: 0, line: 1, column: 1))
        let configuration = draft.resolved(&reader)
        let policyFiles = policies(draft.policies, &loader, &reader)
        let shadowFiles = policies(draft.shadows, &loader, &reader)
        let diagnostics = loader.diagnostics + reader.diagnostics
        guard diagnostics.isEmpty else {
            // The policies are read all the same, so that their faults are reported too; not
            // those that follow from a line that could not be understood.
            let documents = (policyFiles + shadowFiles).map {
                PolicyReader.read($0.statements, sources: loader.sources)
            }
            let broken = Set(loader.diagnostics.map(\.position.file))
            let faults = documents.flatMap(\.diagnostics).filter {
                !broken.contains($0.position.file)
            }
            throw failure(diagnostics + faults, loader, tenantFiles)
        }
        return LoadedConfiguration(
            configuration: configuration,
            policyFiles: policyFiles,
            shadowFiles: shadowFiles,
            sources: loader.sources,
            tenantFiles: tenantFiles
        )
    }

    /// Reads the files that the `policies` or the `shadow` lines name.
    private static func policies(
        _ words: [Word],
        _ loader: inout SourceLoader,
        _ reader: inout StatementReader
    ) -> [LoadedConfiguration.PolicyFile] {
        var files: [LoadedConfiguration.PolicyFile] = []
        var named: [String: SourcePosition] = [:]
        for word in words {
            guard let path = reader.path(word) else { continue }
            if let first = named[path] {
                reader.reportRepeated(word, first: first)
                continue
            }
            named[path] = word.position
            for file in loader.loadAll(path, suffix: ".policy", namedBy: word) {
                files.append(.init(path: file.path, statements: file.statements))
            }
        }
        return files
    }

    private static func failure(
        _ diagnostics: [Diagnostic],
        _ loader: SourceLoader,
        _ tenantFiles: TenantFiles
    ) -> ConfigurationFailure {
        ConfigurationFailure(
            diagnostics: diagnostics.sorted { $0.position < $1.position },
            sources: loader.sources,
            tenantFiles: tenantFiles
        )
    }
}
