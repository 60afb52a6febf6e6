import FoundationEssentials

/// The folder that the demonstration lives in.
struct DemoFolder: Sendable {
    let path: String

    /// Makes the folder, readable by nobody else, and those inside it.
    ///
    /// A relative path is made absolute, so that what is printed can be pasted anywhere.
    init(path: String?) throws(DemoFailure) {
        self.path = path.map(Self.absolute) ?? Self.freshPath()
        try make(self.path)
        for inner in ["tls", "keys", "policies", "events"] { try make(self.path + "/" + inner) }
    }

    /// Where a file of the scene is.
    func path(of name: String) -> String { path + "/" + name }

    /// Writes a file that only its owner can read.
    func write(_ text: String, to name: String) throws(DemoFailure) {
        let target = path(of: name)
        do {
            try text.write(toFile: target, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: target)
        } catch {
            throw .unwritable(path: target, because: Self.words(for: error))
        }
    }

    private func make(_ folder: String) throws(DemoFailure) {
        do throws(Errno) {
            try FileSystem.makeFolder(folder)
        } catch {
            throw .unwritable(path: folder, because: "\(error)")
        }
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") || path.isEmpty
            ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    private static func freshPath() -> String {
        let unique = UUID().uuidString.lowercased().prefix(8)
        return FileManager.default.temporaryDirectory.path + "/postern-demo-" + unique
    }

    private static func words(for error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        switch error.code {
        case .fileWriteNoPermission: return "permission denied"
        case .fileWriteOutOfSpace: return "no space is left"
        case .fileWriteFileExists: return "a file of that name is in the way"
        case .fileNoSuchFile: return "there is no such folder"
        default: return "the system refuses it"
        }
    }
}
