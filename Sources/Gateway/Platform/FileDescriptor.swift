import Glibc

/// An open file descriptor with one owner, closed when the owner lets go of it.
struct FileDescriptor: ~Copyable {
    /// The number, for system calls; never -1.
    let number: Int32

    /// Takes over a descriptor that the caller has just opened.
    init(owning number: Int32) {
        precondition(number >= 0)
        self.number = number
    }

    deinit { _ = Glibc.close(number) }

    /// Gives the descriptor up without closing it.
    consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }
}
