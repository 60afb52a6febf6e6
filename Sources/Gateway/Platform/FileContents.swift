import Glibc

/// Small files read whole.
enum FileContents {
    /// What changes when a file is written again or replaced.
    struct Stamp: Hashable, Sendable {
        let device: UInt
        let inode: UInt
        let bytes: Int64
        let modifiedSeconds: Int64
        let modifiedNanoseconds: Int64

        /// When the file or what is said of it was changed last, which nobody can set back.
        let changedSeconds: Int64
        let changedNanoseconds: Int64

        /// Whether the file is so new that another change might leave the same stamp.
        func isFresh(at unixMilliseconds: Int64) -> Bool {
            abs(unixMilliseconds - changedSeconds * 1_000 - changedNanoseconds / 1_000_000) < 1_000
        }
    }

    /// Reads at most `bytesMax` bytes and one more, by which a file that is too large is known.
    static func read(_ path: String, bytesMax: Int) throws(Errno) -> [UInt8] {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw .last }
        let file = FileDescriptor(owning: number)
        var contents: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16_384)
        while contents.count <= bytesMax {
            let count = unsafe piece.withUnsafeMutableBytes {
                unsafe Glibc.read(file.number, $0.baseAddress, $0.count)
            }
            if count == 0 { break }
            guard count > 0 else {
                let error = Errno.last
                if error.isInterrupted { continue }
                throw error
            }
            contents += piece.prefix(count)
        }
        return Array(contents.prefix(bytesMax + 1))
    }

    /// The stamp of a file, or `nil` when there is none.
    static func stamp(of path: String) -> Stamp? {
        var found = stat()
        guard unsafe stat(path, &found) == 0 else { return nil }
        return Stamp(
            device: UInt(found.st_dev),
            inode: UInt(found.st_ino),
            bytes: Int64(found.st_size),
            modifiedSeconds: Int64(found.st_mtim.tv_sec),
            modifiedNanoseconds: Int64(found.st_mtim.tv_nsec),
            changedSeconds: Int64(found.st_ctim.tv_sec),
            changedNanoseconds: Int64(found.st_ctim.tv_nsec)
        )
    }
}
