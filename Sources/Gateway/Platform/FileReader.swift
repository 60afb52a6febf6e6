import Glibc

/// Reads whole files and lists folders, with the system's reason when it cannot.
///
/// It blocks: never on an event loop.
enum FileReader {
    /// Why a file could not be read.
    enum Failure: Error, Hashable, CustomStringConvertible {
        case system(Errno)

        /// It has more bytes than the caller takes.
        case tooLarge(bytesMax: Int)

        var description: String {
            switch self {
            case .system(let errno): errno.description
            case .tooLarge(let bytesMax): "larger than \(bytesMax) bytes"
            }
        }
    }

    /// Reads a whole file, which may be a pipe, refusing one longer than `bytesMax`.
    static func contents(of path: String, bytesMax: Int) throws(Failure) -> [UInt8] {
        let contents: [UInt8]
        do throws(Errno) {
            contents = try FileContents.read(path, bytesMax: bytesMax)
        } catch {
            throw .system(error)
        }
        guard contents.count <= bytesMax else { throw .tooLarge(bytesMax: bytesMax) }
        return contents
    }

    /// The paths that match a shell pattern, in byte order; names that begin with `.` only when
    /// the pattern says so.
    static func paths(matching pattern: String) throws(Errno) -> [String] {
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        let outcome = unsafe glob(pattern, GLOB_ERR | GLOB_NOSORT, nil, &found)
        guard outcome == 0 else {
            let reason = Errno.last
            // A folder of the pattern that is not there holds nothing that matches.
            let isMissing = reason.code == ENOENT || reason.code == ENOTDIR
            if outcome == GLOB_NOMATCH || isMissing { return [] }
            throw reason
        }
        var paths: [String] = []
        for index in 0..<Int(unsafe found.gl_pathc) {
            guard let path = unsafe found.gl_pathv[index] else { continue }
            paths.append(unsafe String(cString: path))
        }
        return paths.sorted()
    }

    /// Whether `path`, or what a link at it leads to, is a folder.
    static func isFolder(_ path: String) throws(Errno) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .last }
        return status.st_mode & S_IFMT == S_IFDIR
    }
}
