import Glibc

/// Small files that only this process's user may read and write.
///
/// It blocks: never on an event loop.
enum PrivateFile {
    /// Reads at most `bytesMax` bytes of a file that belongs to this user and that nobody else may
    /// write; a longer one, one of somebody else's or a link is refused.
    static func read(_ path: String, bytesMax: Int) throws(Errno) -> [UInt8] {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard number >= 0 else { throw .last }
        let file = FileDescriptor(owning: number)
        var status = stat()
        guard unsafe fstat(file.number, &status) == 0 else { throw .last }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Errno(code: EINVAL) }
        guard status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
            throw Errno(code: EPERM)
        }
        guard status.st_size <= bytesMax else { throw Errno(code: EFBIG) }
        var contents = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < contents.count {
            let count = unsafe contents.withUnsafeMutableBytes { bytes in
                guard let start = bytes.baseAddress else { return 0 }
                return unsafe Glibc.read(file.number, start + filled, bytes.count - filled)
            }
            if count == 0 { break }
            if count > 0 {
                filled += count
            } else if !Errno.last.isInterrupted {
                throw .last
            }
        }
        return Array(contents.prefix(filled))
    }

    /// Writes a file in one step: whoever reads `path` sees the old contents or the new, also after
    /// a loss of power.
    ///
    /// Its folder is made when it is missing.
    static func replace(_ path: String, with contents: [UInt8]) throws(Errno) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try FileSystem.makeFolder(folder.isEmpty ? "/" : folder)
        let random = UInt32.random(in: 0...UInt32.max)
        let draft = path + ".\(getpid()).\(String(random, radix: 16)).new"
        do throws(Errno) {
            try write(contents, to: draft)
            try FileSystem.rename(draft, to: path)
        } catch {
            _ = unsafe unlink(draft)
            throw error
        }
        try synchronize(folder: folder.isEmpty ? "/" : folder)
    }

    private static func write(_ contents: [UInt8], to path: String) throws(Errno) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let number = unsafe open(path, flags, 0o600)
        guard number >= 0 else { throw .last }
        let file = FileDescriptor(owning: number)
        var written = 0
        while written < contents.count {
            let count = unsafe contents.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return 0 }
                return unsafe Glibc.write(file.number, start + written, bytes.count - written)
            }
            if count >= 0 {
                written += count
            } else if !Errno.last.isInterrupted {
                throw .last
            }
        }
        guard fsync(file.number) == 0 else { throw .last }
    }

    /// Makes the names in a folder last.
    private static func synchronize(folder: String) throws(Errno) {
        let number = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw .last }
        let file = FileDescriptor(owning: number)
        guard fsync(file.number) == 0 else { throw .last }
    }
}
