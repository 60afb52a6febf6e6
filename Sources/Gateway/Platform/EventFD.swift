import CLinux
import Glibc

/// A counter that wakes an event loop from another thread.
struct EventFD: ~Copyable {
    private let descriptor: FileDescriptor

    init() throws(Errno) {
        let number = eventfd(0, postern_eventfd_flags)
        guard number >= 0 else { throw .last }
        descriptor = FileDescriptor(owning: number)
    }

    var number: Int32 { descriptor.number }

    /// Makes the descriptor readable.
    func signal() { EventFD.signal(descriptor.number) }

    /// Makes the descriptor readable until it is drained.
    static func signal(_ number: Int32) {
        var one: UInt64 = 1
        _ = unsafe write(number, &one, 8)
    }

    /// Takes all signals.
    func drain() {
        var count: UInt64 = 0
        _ = unsafe read(descriptor.number, &count, 8)
    }
}
