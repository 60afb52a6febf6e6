import Glibc

/// Wakes a thread that sleeps until there is something to do.
final class WakeUp: Sendable {
    private let counter: EventFD

    init() throws(Errno) { counter = try EventFD() }

    /// Ends the present or the next `wait`; callable from any thread.
    func signal() { counter.signal() }

    /// Waits for a signal, at most `milliseconds`.
    func wait(milliseconds: Int32) {
        var waited = pollfd(fd: counter.number, events: Int16(POLLIN), revents: 0)
        if unsafe poll(&waited, 1, milliseconds) > 0 { counter.drain() }
    }
}
