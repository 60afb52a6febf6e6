/// The file that posted entries are kept in.
///
/// It is three lines, then the entries: `postern revocations 1`, the SHA-256 of the entries, and an
/// empty line. It blocks: never on an event loop.
struct RevocationStore: Hashable, Sendable {
    let path: String

    private static let title = "postern revocations 1"

    /// Keeps entries in the file `revocations` of a folder.
    init(folder: String) { path = folder + "/revocations" }

    /// Why what was posted before is not known.
    enum Failure: Error, Hashable, CustomStringConvertible {
        case unreadable(path: String, Errno)

        /// Cut off or changed.
        case damaged(path: String)

        var description: String {
            switch self {
            case .unreadable(let path, let error):
                "cannot read the revocations in `\(path)`: \(error)"
            case .damaged(let path):
                "the revocations in `\(path)` are damaged: put the file right, or remove it and"
                    + " post them again"
            }
        }
    }

    /// Reads what is kept; `nil` when there is no file.
    func load() throws(Failure) -> PostedRevocations? {
        let headBytes = Self.head(of: []).count
        let contents: [UInt8]
        do throws(Errno) {
            contents = try PrivateFile.read(
                path,
                bytesMax: PostedRevocations.bytesMax + headBytes
            )
        } catch {
            if error.isMissingFile { return nil }
            throw .unreadable(path: path, error)
        }
        let text = Array(contents.dropFirst(headBytes))
        guard contents.starts(with: Self.head(of: text)),
            let posted = try? PostedRevocations(text)
        else { throw .damaged(path: path) }
        return posted
    }

    /// Replaces what is kept; when it returns it is on the disk.
    func save(_ posted: PostedRevocations) throws(Errno) {
        try PrivateFile.replace(path, with: Self.head(of: posted.text) + posted.text)
    }

    private static func head(of text: [UInt8]) -> [UInt8] {
        Array("\(title)\n\(KeyDigest.text(text))\n\n".utf8)
    }
}
