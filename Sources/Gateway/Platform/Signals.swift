import Glibc

/// The signals that the gateway answers to, taken one at a time by one thread.
enum Signals {
    enum Arrival: Equatable, Sendable {
        /// SIGTERM or SIGINT.
        case terminate

        /// SIGHUP.
        case reload

        /// SIGUSR2, which our own threads send to wake the waiter.
        case wake
    }

    /// Blocks the signals for this thread and all that it starts, so that only `wait` sees them.
    ///
    /// Call before any thread is started. SIGPIPE is ignored: a closed peer is an `EPIPE`.
    static func block() {
        _ = signal(SIGPIPE, SIG_IGN)
        var set = watched()
        _ = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for the next signal, at most `milliseconds`; `nil` when none came.
    static func wait(milliseconds: Int) -> Arrival? {
        var set = watched()
        var limit = timespec(
            tv_sec: milliseconds / 1_000,
            tv_nsec: milliseconds % 1_000 * 1_000_000
        )
        switch unsafe sigtimedwait(&set, nil, &limit) {
        case SIGTERM, SIGINT: return .terminate
        case SIGHUP: return .reload
        case SIGUSR2: return .wake
        default: return nil
        }
    }

    /// Makes a `wait` of this process return `.wake`.
    static func wake() { _ = kill(getpid(), SIGUSR2) }

    private static func watched() -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP, SIGUSR2] { unsafe sigaddset(&set, number) }
        return set
    }
}
