/// Which journal a command is about: the one of a configuration, or a folder.
struct JournalChoice {
    static let options = ["--config", "--journal"]

    private let configuration: String?
    private let folder: String?
    private let tenant: String?

    init(_ read: Arguments) throws(UsageFailure) {
        configuration = read["--config"]
        folder = read["--journal"]
        tenant = read["--tenant"]
        if configuration != nil, folder != nil { throw .conflict("--config", "--journal") }
        if configuration == nil, folder == nil { throw .missingOption("--config") }
    }

    /// Gives the path of the journal's folder to `body` and says why that failed.
    func use(
        _ body: (String) throws(JournalFailure) -> ExitStatus
    ) throws(UsageFailure) -> ExitStatus {
        guard let path = try path() else { return .refused }
        do throws(JournalFailure) {
            return try body(path)
        } catch {
            StandardStream.error.writeLine("postern: \(error)")
            return .failed
        }
    }

    /// The journal's folder; `nil` when there is none, which was said.
    private func path() throws(UsageFailure) -> String? {
        guard let configuration else { return folder }
        let loaded: LoadedConfiguration
        do throws(ConfigurationFailure) {
            loaded = try ConfigurationLoader.load(path: configuration)
        } catch {
            StandardStream.error.write(error.description)
            return nil
        }
        if let tenant {
            _ = try RoutesCommand.index(of: tenant, in: loaded.configuration.tenants.map(\.name))
        }
        guard let journal = loaded.configuration.analytics.journal else {
            StandardStream.error.writeLine("postern: the configuration names no journal")
            return nil
        }
        return journal.path
    }
}
