import FoundationEssentials
import Policy

@testable import Gateway

/// A folder with configuration files that goes away with its last reference.
final class ConfigurationFolder {
    /// Ends in `/`.
    let path: String

    /// Creates the files, a path such as `a/b.conf` with its folder.
    init(_ files: [String: String]) throws {
        let name = "postern-config-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.path + "/\(name)/"
        for (file, text) in files {
            let folder = (path + file).split(separator: "/").dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(
                atPath: "/" + folder,
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: URL(filePath: path + file))
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Loads a file of the folder.
    func load(_ file: String = "postern.conf") throws(ConfigurationFailure) -> LoadedConfiguration {
        try ConfigurationLoader.load(path: path + file, processors: 4)
    }

    /// What is wrong with a file, as `LINE:COLUMN message (SUGGESTION?)`, the folder left out.
    ///
    /// A fault in another file has the name of that file in front.
    func faults(_ file: String = "postern.conf") -> [String] {
        do {
            _ = try load(file)
            return []
        } catch {
            return error.diagnostics.map { diagnostic in
                let position = diagnostic.position
                let suggestion = diagnostic.suggestion.map { " (\($0)?)" } ?? ""
                let name = error.sources.path(of: position.file)
                let place = name == path + file ? "" : name + ":"
                return
                    "\(place)\(position.line):\(position.column) \(diagnostic.message)\(suggestion)"
                    .replacing(path, with: "")
            }
        }
    }
}

/// The smallest configuration that loads; its lines are counted on by the tests of faults.
let smallConfiguration = """
    listen 127.0.0.1:8443 {
        certificate a.pem a.key
    }
    policies p.policy
    upstream up {
        server http://127.0.0.1:8080
    }
    tenant acme {
        host acme.example
        upstream up
        tokens {
            issuer https://idp.example/
            audience https://acme.example
        }
    }

    """

/// What is wrong with the small configuration once `old` in it is replaced by `new`.
func faultsOfSmallConfiguration(_ old: String, _ new: String) throws -> [String] {
    let text = smallConfiguration.replacing(old, with: new)
    precondition(text != smallConfiguration)
    let files = [
        "postern.conf": text, "p.policy": "roles a", "empty/x": "", "lines": "top\nsecret",
        "nothing": "\n",
    ]
    return try ConfigurationFolder(files).faults()
}
