import Glibc

/// Waiting for one descriptor, on threads that may block.
enum Readiness: Sendable {
    case reading
    case writing

    /// Waits until the descriptor is ready or its peer is gone.
    ///
    /// - Parameters:
    ///   - readiness: For what.
    ///   - number: The descriptor.
    ///   - milliseconds: At most that long; -1 is for ever.
    /// - Returns: Whether it became ready in time.
    static func wait(for readiness: Readiness, of number: Int32, milliseconds: Int) -> Bool {
        let events = Int16(readiness == .reading ? POLLIN : POLLOUT)
        var watched = pollfd(fd: number, events: events, revents: 0)
        while true {
            let ready = unsafe poll(&watched, 1, Int32(clamping: milliseconds))
            if ready < 0 && errno == EINTR { continue }
            return ready > 0
        }
    }
}
