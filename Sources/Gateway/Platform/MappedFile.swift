import Glibc

/// A file of fixed size whose disk blocks are taken at creation, mapped into memory for writing.
///
/// What is stored into the mapping is in the page cache at once and survives the death of the
/// process. Because the blocks are taken beforehand, a full disk is met here and never by a store.
@safe struct MappedFile: ~Copyable {
    /// The size of file and mapping.
    let byteCount: Int

    private let descriptor: FileDescriptor
    private let address: UInt

    /// Creates a file of zero bytes, which must not exist yet.
    ///
    /// - Throws: `ENOSPC` when the disk has no room for all of it; no file is left behind then.
    init(creating path: String, byteCount: Int) throws(Errno) {
        precondition(byteCount > 0)
        let number = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .last }
        let file = FileDescriptor(owning: number)
        let code = posix_fallocate(number, 0, off_t(byteCount))
        guard code == 0 else {
            _ = unsafe unlink(path)
            throw Errno(code: code)
        }
        do throws(Errno) {
            address = try Self.map(number, byteCount)
        } catch {
            _ = unsafe unlink(path)
            throw error
        }
        self.byteCount = byteCount
        descriptor = file
    }

    /// Maps a file of `byteCount` bytes that exists and belongs to this user alone, and locks it for
    /// as long as it is mapped.
    ///
    /// - Throws: `EWOULDBLOCK` when another process has it mapped so, `EPERM` when others may write
    ///   it, `EINVAL` when it has another size or is no file.
    init(opening path: String, byteCount: Int) throws(Errno) {
        let number = unsafe Glibc.open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard number >= 0 else { throw .last }
        let file = FileDescriptor(owning: number)
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { throw .last }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size == off_t(byteCount) else {
            throw Errno(code: EINVAL)
        }
        guard status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
            throw Errno(code: EPERM)
        }
        guard flock(number, LOCK_EX | LOCK_NB) == 0 else { throw .last }
        address = try Self.map(number, byteCount)
        self.byteCount = byteCount
        descriptor = file
    }

    /// Maps zero bytes that no other process sees and that end with this one.
    init(inMemory byteCount: Int) throws(Errno) {
        let number = unsafe Glibc.open("/dev/zero", O_RDWR | O_CLOEXEC)
        guard number >= 0 else { throw .last }
        let file = FileDescriptor(owning: number)
        address = try Self.map(number, byteCount)
        self.byteCount = byteCount
        descriptor = file
    }

    private static func map(_ number: Int32, _ byteCount: Int) throws(Errno) -> UInt {
        precondition(byteCount > 0)
        let mapping = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, number, 0)
        // MAP_FAILED is the address of all ones.
        let address = UInt(bitPattern: mapping)
        guard address != UInt.max, address != 0 else { throw .last }
        return address
    }

    deinit {
        _ = unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), byteCount)
    }

    /// Where the mapping begins.
    @unsafe var baseAddress: UnsafeMutablePointer<UInt8> {
        guard let pointer = unsafe UnsafeMutablePointer<UInt8>(bitPattern: address) else {
            preconditionFailure("a mapping at address zero")
        }
        return unsafe pointer
    }

    /// Makes the pages of `range` present and writable, so that storing into them does not fault.
    ///
    /// Only a hint: older kernels do not know it.
    func populate(_ range: Range<Int>) { advise(range, Self.populateWrite) }

    /// Takes the pages of `range` out of this process; the page cache keeps what they hold.
    func release(_ range: Range<Int>) { advise(range, Int32(MADV_DONTNEED)) }

    /// Waits until everything stored so far is on the disk.
    func synchronize() throws(Errno) {
        guard fdatasync(descriptor.number) == 0 else { throw .last }
    }

    /// `MADV_POPULATE_WRITE` of Linux 5.14, which older C library headers do not name.
    private static let populateWrite: Int32 = 23

    /// `range` must begin on a page boundary.
    private func advise(_ range: Range<Int>, _ advice: Int32) {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
        guard !range.isEmpty else { return }
        let start = unsafe UnsafeMutableRawPointer(bitPattern: address + UInt(range.lowerBound))
        _ = unsafe madvise(start, range.count, advice)
    }
}
