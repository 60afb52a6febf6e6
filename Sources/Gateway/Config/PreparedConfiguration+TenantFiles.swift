import Policy

extension PreparedConfiguration {
    /// What becomes of a configuration when files of tenants are wrong.
    enum Strictness {
        /// It cannot be used.
        case strict

        /// It is used without them.
        case lenient
    }

    /// How often a configuration is read anew without the files of tenants that are at fault: what
    /// is wrong in one may come to light only when others are out of the way.
    private static let readingsMax = 16

    /// Loads and prepares the configuration at `path`, reporting all that is wrong at once.
    init(path: String) throws(Failure) {
        let prepared = try Self.prepared(path, [:], .strict)
        guard prepared.refusedFiles.isEmpty else { throw Failure(prepared.refusedFiles) }
        self = prepared
    }

    /// Loads and prepares the configuration at `path` without the files of tenants that are wrong:
    /// these keep the form they have in the running configuration, or are left out.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - running: What was read for the files of tenants that run now, by their paths.
    /// - Returns: The configuration, with the files that were refused.
    /// - Throws: What is wrong elsewhere, or with a file in its old form under what is new.
    static func lenient(
        path: String,
        running: [String: RecordedSources] = [:]
    ) throws(Failure) -> PreparedConfiguration {
        try prepared(path, running, .lenient)
    }

    private static func prepared(
        _ path: String,
        _ running: [String: RecordedSources],
        _ strictness: Strictness
    ) throws(Failure) -> PreparedConfiguration {
        var forms = TenantFileForms(running: running)
        var refused: [RefusedTenantFile] = []
        for _ in 0..<readingsMax {
            do throws(ConfigurationFailure) {
                return try PreparedConfiguration(path, forms, without: refused)
            } catch {
                guard let found = error.refusedFiles(forms) else {
                    // What is missing because a file is may be no fault of its own.
                    guard strictness == .lenient || refused.isEmpty else { throw Failure(refused) }
                    throw Failure(error, after: refused)
                }
                for file in found { forms.refuse(file.path) }
                refused += found
            }
        }
        throw Failure(refused)
    }
}

extension PreparedConfiguration.Failure {
    /// Files of tenants that are wrong where none may be.
    init(_ refused: [RefusedTenantFile]) {
        let text = refused.map(\.text).joined()
        self = refused.allSatisfy(\.isOfTests) ? .testsFailed(text) : .invalid(text)
    }

    /// What is wrong with the whole, after what is wrong with files of tenants.
    init(_ failure: ConfigurationFailure, after refused: [RefusedTenantFile] = []) {
        var text = refused.map(\.text).joined() + failure.description
        for path in failure.unfitFiles {
            text += "postern: `\(path)` in the form it had before does not fit the rest\n"
        }
        let isOfTests = failure.isOfTests && refused.allSatisfy(\.isOfTests)
        self = isOfTests ? .testsFailed(text) : .invalid(text)
    }
}
