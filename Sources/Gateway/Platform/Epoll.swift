import CLinux
import Glibc

/// What is ready: the kernel's interest list of one event loop.
@safe struct Epoll: ~Copyable {
    /// The most events taken in one turn.
    static let eventsMax = 256

    private let descriptor: FileDescriptor
    private let ready: UnsafeMutablePointer<epoll_event>

    /// Creates an empty interest list.
    init() throws(Errno) {
        let number = epoll_create1(postern_epoll_flags)
        guard number >= 0 else { throw .last }
        descriptor = FileDescriptor(owning: number)
        unsafe ready = UnsafeMutablePointer<epoll_event>.allocate(capacity: Self.eventsMax)
    }

    deinit { unsafe ready.deallocate() }

    /// Begins to watch a descriptor; `token` comes back with each of its events.
    func add(_ number: Int32, interest: Interest, token: UInt64) throws(Errno) {
        try control(EPOLL_CTL_ADD, number, interest, token)
    }

    /// Stops watching; closing a descriptor does so by itself.
    func remove(_ number: Int32) {
        _ = postern_epoll_ctl(descriptor.number, EPOLL_CTL_DEL, number, 0, 0)
    }

    /// Waits until something is ready, at most `milliseconds` (-1: for ever).
    ///
    /// - Returns: How many events there are; read them with `event(at:)`.
    func wait(milliseconds: Int32) -> Int {
        let count = unsafe epoll_wait(
            descriptor.number,
            ready,
            Int32(Self.eventsMax),
            milliseconds
        )
        return max(0, Int(count))
    }

    /// The event at `index` of the last `wait`.
    @inline(__always)
    func event(at index: Int) -> Event {
        precondition(index >= 0 && index < Self.eventsMax)
        return unsafe Event(
            token: postern_event_data(ready + index),
            readiness: Interest(rawValue: postern_event_mask(ready + index))
        )
    }

    private func control(
        _ operation: Int32,
        _ number: Int32,
        _ interest: Interest,
        _ token: UInt64
    ) throws(Errno) {
        let result = postern_epoll_ctl(
            descriptor.number,
            operation,
            number,
            interest.rawValue,
            token
        )
        guard result == 0 else { throw .last }
    }
}

extension Epoll {
    struct Event {
        let token: UInt64
        let readiness: Interest
    }

    struct Interest: OptionSet, Hashable, Sendable {
        let rawValue: UInt32

        static let read = Interest(rawValue: 0x001)
        static let write = Interest(rawValue: 0x004)
        static let error = Interest(rawValue: 0x008)
        static let hangUp = Interest(rawValue: 0x010)

        /// The peer has ended its sending direction.
        static let peerEnded = Interest(rawValue: 0x2000)

        /// Both directions, reported once each time one becomes ready.
        static let edges = Interest(rawValue: 0x8000_0000 | 0x2000 | 0x001 | 0x004)
    }
}
