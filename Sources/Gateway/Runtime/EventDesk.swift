import Dispatch
import Synchronization

/// Where questions for events wait and are answered: off the event loops, one after the other on a
/// few threads that run when others leave them time.
///
/// A page takes 2 seconds at the most, a summary 5. So who waits longest waits for
/// 12 / 2 * 5 = 30 seconds, no longer than clients of an upstream do, and one tenant that asks much
/// leaves the others room.
final class EventDesk: Sendable {
    static let threads = 2

    /// The most questions that wait or are being answered: of all, and of one tenant.
    static let questionsMax = 12
    static let questionsOfOneMax = 6

    private let state = Mutex(State())
    private let arrived = DispatchSemaphore(value: 0)

    fileprivate struct Question {
        var asker: String
        var answer: @Sendable () -> Void
    }

    fileprivate struct State {
        var waiting: [Question] = []

        /// How many questions each asker has.
        var counts: [String: Int] = [:]
        var isRunning = false
        var isStopped = false
    }

    /// Takes a question in.
    ///
    /// - Parameters:
    ///   - asker: The tenant that asks; empty for the operator.
    ///   - answer: Answers it; it may block.
    /// - Returns: Whether there was room.
    func take(from asker: String, _ answer: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = state.withLock { state in
            let all = state.counts.values.reduce(0, +)
            guard !state.isStopped, all < Self.questionsMax,
                state.counts[asker, default: 0] < Self.questionsOfOneMax, start(&state)
            else { return false }
            state.counts[asker, default: 0] += 1
            state.waiting.append(Question(asker: asker, answer: answer))
            return true
        }
        if isTaken { arrived.signal() }
        return isTaken
    }

    /// Takes no more questions; the threads end after those that wait.
    func stop() {
        state.withLock { $0.isStopped = true }
        for _ in 0..<Self.threads { arrived.signal() }
    }

    /// Starts the threads with the first question.
    private func start(_ state: inout State) -> Bool {
        if state.isRunning { return true }
        do throws(Errno) {
            for number in 0..<Self.threads {
                try Thread(name: "events-\(number)") { self.run() }.detach()
                state.isRunning = true
            }
        } catch {
            // One thread is enough; without any nobody is answered, and the next question tries again.
        }
        return state.isRunning
    }

    private func run() {
        Thread.yieldToOthers()
        while true {
            arrived.wait()
            guard let question = state.withLock({ $0.take() }) else { return }
            question.answer()
            state.withLock { $0.finish(question.asker) }
        }
    }
}

extension EventDesk.State {
    fileprivate mutating func take() -> EventDesk.Question? {
        waiting.isEmpty ? nil : waiting.removeFirst()
    }

    fileprivate mutating func finish(_ asker: String) {
        let rest = counts[asker, default: 1] - 1
        counts[asker] = rest > 0 ? rest : nil
    }
}
