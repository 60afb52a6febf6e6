import Glibc

/// Folders and the names in them.
enum FileSystem {
    /// What is known of a file without opening it.
    struct Status: Hashable, Sendable {
        var byteCount: Int

        /// When it was last changed, in seconds since 1970.
        var changedSeconds: Int64
    }

    /// Makes a folder and those above it; one that exists is left as it is.
    static func makeFolder(_ path: String) throws(Errno) {
        if unsafe mkdir(path, 0o700) == 0 { return }
        let error = Errno.last
        if error.code == EEXIST { return }
        guard error.code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex
        else { throw error }
        try makeFolder(String(path[..<slash]))
        guard unsafe mkdir(path, 0o700) == 0 || Errno.last.code == EEXIST else { throw .last }
    }

    /// Finds out, changing nothing, whether files can be put into a folder, which may be yet to make.
    static func checkWritable(folder path: String) throws(Errno) {
        var status = stat()
        if unsafe stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else { throw Errno(code: ENOTDIR) }
            guard unsafe access(path, W_OK | X_OK) == 0 else { throw .last }
            return
        }
        guard Errno.last.isMissingFile else { throw .last }
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let slash = trimmed.lastIndex(of: "/") else { return try checkWritable(folder: ".") }
        let parent = String(trimmed[..<slash])
        try checkWritable(folder: parent.isEmpty ? "/" : parent)
    }

    /// The names in a folder, in no order, without `.` and `..`.
    static func names(in folder: String) throws(Errno) -> [String] {
        guard let stream = unsafe opendir(folder) else { throw .last }
        defer { _ = unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Gives a file another name, in one step.
    static func rename(_ path: String, to other: String) throws(Errno) {
        guard unsafe Glibc.rename(path, other) == 0 else { throw .last }
    }

    /// Waits until the names in a folder are on the disk.
    static func synchronize(folder path: String) throws(Errno) {
        let number = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw .last }
        let folder = FileDescriptor(owning: number)
        guard fsync(folder.number) == 0 else { throw .last }
    }

    /// How many bytes the file system of a path has for us; `nil` when it does not say.
    static func freeBytes(at path: String) -> Int? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
            by: Int(clamping: status.f_frsize)
        )
        return overflow ? .max : bytes
    }

    /// Removes a file.
    static func remove(_ path: String) throws(Errno) {
        guard unsafe unlink(path) == 0 else { throw .last }
    }

    /// Size and time of a file; `nil` when there is none.
    static func status(of path: String) -> Status? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Status(
            byteCount: Int(status.st_size),
            changedSeconds: Int64(status.st_mtim.tv_sec)
        )
    }
}

extension Errno {
    /// Whether there was no such file.
    var isMissingFile: Bool { code == ENOENT }

    /// The disk has no room left.
    static let noSpace = Errno(code: ENOSPC)
}
