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
            modifiedNanoseconds: Int64(found.st_mtim.tv_nsec)
        )
    }
}
