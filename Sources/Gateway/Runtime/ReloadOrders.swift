import Dispatch
import Synchronization

/// Reloads that are asked for on other threads and made by the main one.
///
/// What a configuration leaves of its memory when it goes is where the next one is made, so one thread
/// makes them all: the allocator keeps the memory of threads apart.
final class ReloadOrders: Sendable {
    /// One wish for a reload.
    final class Order: Sendable {
        private let result = Mutex<ReloadResult?>(nil)
        private let isMade = DispatchSemaphore(value: 0)

        /// Says what came of it.
        func fulfil(_ result: ReloadResult) {
            self.result.withLock { $0 = result }
            isMade.signal()
        }

        fileprivate func wait() -> ReloadResult {
            isMade.wait()
            return result.withLock { $0 } ?? ReloadOrders.stopping
        }
    }

    private struct State {
        var waiting: [Order] = []
        var isClosed = false
    }

    private static let stopping = ReloadResult.refused(diagnostics: ["postern: it is stopping\n"])

    private let state = Mutex(State())

    /// Asks for a reload and waits until it has been made, or is not going to be.
    func place() -> ReloadResult {
        let order = Order()
        let isTaken = state.withLock { state in
            if !state.isClosed { state.waiting.append(order) }
            return !state.isClosed
        }
        guard isTaken else { return Self.stopping }
        Signals.wake()
        return order.wait()
    }

    /// Those that wait: one reload that begins now serves them all.
    func takeAll() -> [Order] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    /// Refuses those that wait and all that come.
    func close() {
        state.withLock { $0.isClosed = true }
        for order in takeAll() { order.fulfil(Self.stopping) }
    }
}
