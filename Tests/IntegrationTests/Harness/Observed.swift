import Foundation
import Synchronization

/// A value that one thread changes and another waits for.
final class Observed<Value: Sendable>: Sendable {
    private let condition = NSCondition()
    private let storage: Mutex<Value>

    init(_ value: Value) {
        storage = Mutex(value)
    }

    var value: Value { storage.withLock { $0 } }

    /// Changes the value and wakes everybody who waits.
    @discardableResult
    func update<Outcome: Sendable>(_ change: (inout Value) -> Outcome) -> Outcome {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return storage.withLock { change(&$0) }
    }

    /// Waits until `pick` finds something in the value; `nil` when the time is over.
    func wait<Found: Sendable>(
        seconds: Double = 10,
        for pick: (Value) -> Found?
    ) -> Found? {
        let limit = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let found = pick(value) { return found }
            guard condition.wait(until: limit) else { return pick(value) }
        }
    }
}
