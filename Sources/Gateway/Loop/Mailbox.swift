import Synchronization

/// Messages from other threads to one event loop.
final class Mailbox<Message: Sendable>: Sendable {
    private let messages = Mutex<[Message]>([])
    private let wakeUp: EventFD

    init() throws(Errno) { wakeUp = try EventFD() }

    /// The descriptor that becomes readable when there is a message.
    var descriptor: Int32 { wakeUp.number }

    /// Puts a message in and wakes the loop; callable from any thread.
    func post(_ message: Message) {
        messages.withLock { $0.append(message) }
        wakeUp.signal()
    }

    /// Takes all messages, oldest first.
    func takeAll() -> [Message] {
        wakeUp.drain()
        return messages.withLock { waiting in
            let taken = waiting
            waiting.removeAll()
            return taken
        }
    }
}
