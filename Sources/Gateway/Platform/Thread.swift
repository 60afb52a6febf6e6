import CLinux
import Glibc

/// A thread of the operating system.
struct Thread: ~Copyable {
    private let handle: pthread_t

    /// Starts a thread that runs `body`.
    ///
    /// - Parameters:
    ///   - name: At most 15 bytes, shown by `top -H`.
    ///   - body: What the thread does; the thread ends when it returns.
    /// - Throws: The reason when the system has no room for another thread.
    init(name: String, body: @escaping @Sendable () -> Void) throws(Errno) {
        let start = unsafe Unmanaged.passRetained(ThreadBody(name: name, run: body))
        var handle = pthread_t()
        let code = unsafe pthread_create(
            &handle,
            nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let body = unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
                _ = unsafe postern_thread_name(body.name)
                body.run()
                return nil
            },
            start.toOpaque()
        )
        guard code == 0 else {
            unsafe start.release()
            throw Errno(code: code)
        }
        self.handle = handle
    }

    /// Gives the calling thread a low priority: a tenth of the time of one that it competes with,
    /// which may interrupt it at once.
    static func yieldToOthers() {
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    }

    /// Lets the calling thread run only when a processor has nothing else to do, or nearly so.
    static func runWhenIdle() { _ = postern_thread_idle() }

    /// Waits until the thread has ended.
    consuming func join() {
        _ = pthread_join(handle, nil)
    }

    /// Lets the thread end on its own.
    consuming func detach() {
        _ = pthread_detach(handle)
    }
}

private final class ThreadBody: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
        self.name = String(name.prefix(15))
        self.run = run
    }
}
