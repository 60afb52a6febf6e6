import FoundationEssentials

/// Files of the project that tests hold to what they say.
enum ProjectFile {
    /// The text of the file at `path`.
    static func read(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }
}
