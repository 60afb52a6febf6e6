import Glibc

/// An open file that is read and written at offsets.
struct DiskFile: ~Copyable {
    private let descriptor: FileDescriptor

    /// Opens a file that exists; what is no file, such as a pipe, is opened without waiting.
    init(reading path: String) throws(Errno) { try self.init(path, O_RDONLY | O_NONBLOCK) }

    /// Opens a file for changing; it is made when it does not exist.
    init(changing path: String) throws(Errno) { try self.init(path, O_RDWR | O_CREAT) }

    private init(_ path: String, _ flags: Int32) throws(Errno) {
        let number = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .last }
        descriptor = FileDescriptor(owning: number)
    }

    /// Whether it is a file, and not a folder, a pipe or a device.
    var isRegular: Bool {
        var status = stat()
        return unsafe fstat(descriptor.number, &status) == 0
            && status.st_mode & S_IFMT == S_IFREG
    }

    /// The size in bytes; 0 when it cannot be told.
    var byteCount: Int {
        var status = stat()
        guard unsafe fstat(descriptor.number, &status) == 0 else { return 0 }
        return Int(status.st_size)
    }

    /// Fills `buffer` from `offset` on.
    ///
    /// - Returns: How many bytes there were; fewer than `buffer.count` only at the end of the file.
    func read(into buffer: inout [UInt8], at offset: Int) throws(Errno) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                guard let start = bytes.baseAddress else { return 0 }
                return unsafe pread(
                    descriptor.number,
                    start + filled,
                    bytes.count - filled,
                    off_t(offset + filled)
                )
            }
            if count > 0 {
                filled += count
            } else if count == 0 {
                break
            } else if !Errno.last.isInterrupted {
                throw .last
            }
        }
        return filled
    }

    /// Writes all of `bytes` at `offset`.
    func write(_ bytes: [UInt8], at offset: Int) throws(Errno) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { source in
                guard let start = source.baseAddress else { return 0 }
                return unsafe pwrite(
                    descriptor.number,
                    start + written,
                    source.count - written,
                    off_t(offset + written)
                )
            }
            if count >= 0 {
                written += count
            } else if !Errno.last.isInterrupted {
                throw .last
            }
        }
    }

    /// Cuts the file off after `byteCount` bytes.
    func truncate(to byteCount: Int) throws(Errno) {
        guard ftruncate(descriptor.number, off_t(byteCount)) == 0 else { throw .last }
    }

    /// Waits until what was written is on the disk.
    func synchronize() throws(Errno) {
        guard fdatasync(descriptor.number) == 0 else { throw .last }
    }

    /// Takes the lock of this file for as long as it is open.
    ///
    /// - Returns: Whether it was free.
    func lock() -> Bool { flock(descriptor.number, LOCK_EX | LOCK_NB) == 0 }

    /// Gives the lock back.
    func unlock() { _ = flock(descriptor.number, LOCK_UN) }
}
