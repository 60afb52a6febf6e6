import Synchronization

/// Makes requests without blocking anybody: one thread with an epoll of its own serves them all.
///
/// The thread starts with the first request and ends with `stop`, or when nobody holds the client
/// any more.
final class OutboundClient: Sendable {
    /// Called exactly once: on the client's thread, where it must not block, or before `send` returns
    /// when nothing was begun.
    typealias Completion = @Sendable (Result<OutboundAnswer, OutboundFailure>) -> Void

    /// The most requests under way; beyond them the answer is `busy`.
    static let requestsMax = 1_024

    private let shared: Shared

    /// - Parameter resolve: How the addresses of a host are found; it may block.
    init(resolve: @escaping ServerLookups.Resolve = SocketAddress.resolve) {
        shared = Shared(resolve: resolve)
    }

    deinit { stop() }

    /// Makes `request`.
    func send(_ request: OutboundRequest, then completion: @escaping Completion) {
        let shared = shared
        guard shared.underWay.add(1, ordering: .relaxed).oldValue < Self.requestsMax else {
            shared.underWay.subtract(1, ordering: .relaxed)
            return completion(.failure(.busy))
        }
        let order = OutboundMessage.Order(
            request: request,
            deadline: Clock.monotonicMilliseconds() + request.deadlineMilliseconds
        ) { result in
            shared.underWay.subtract(1, ordering: .relaxed)
            completion(result)
        }
        if let failure = shared.post(order) { order.completion(.failure(failure)) }
    }

    /// Ends; what is under way fails with `stopped`.
    func stop() { shared.stop() }
}

extension OutboundClient {
    /// What the client and its thread both hold.
    private final class Shared: Sendable {
        enum Phase {
            case idle
            case running(Mailbox<OutboundMessage>)
            case stopped
        }

        /// Messages are posted under this lock: none comes after the one that ends the thread.
        private let phase = Mutex(Phase.idle)
        private let resolve: ServerLookups.Resolve

        /// Requests whose completion was not called yet.
        let underWay = Atomic(0)

        init(resolve: @escaping ServerLookups.Resolve) { self.resolve = resolve }

        /// Hands an order to the thread, which is started if need be.
        ///
        /// - Returns: Why that is not possible.
        func post(_ order: OutboundMessage.Order) -> OutboundFailure? {
            phase.withLock { phase in
                switch phase {
                case .stopped: return .stopped
                case .running(let mailbox):
                    mailbox.post(.send(order))
                    return nil
                case .idle:
                    do throws(Errno) {
                        let mailbox = try start()
                        mailbox.post(.send(order))
                        phase = .running(mailbox)
                        return nil
                    } catch {
                        return .connection("the client cannot be started: \(error)")
                    }
                }
            }
        }

        func stop() {
            phase.withLock { phase in
                if case .running(let mailbox) = phase { mailbox.post(.stop) }
                phase = .stopped
            }
        }

        private func start() throws(Errno) -> Mailbox<OutboundMessage> {
            let mailbox = try Mailbox<OutboundMessage>()
            try Thread(name: "outbound") { [self] in
                guard var loop = OutboundLoop(mailbox: mailbox, resolve: resolve) else {
                    return refuseAll(mailbox)
                }
                loop.run()
            }
            .detach()
            return mailbox
        }

        /// Fails what was posted to a thread that has no memory or descriptors to begin with; the
        /// next request starts another.
        private func refuseAll(_ mailbox: Mailbox<OutboundMessage>) {
            phase.withLock { if case .running = $0 { $0 = .idle } }
            for message in mailbox.takeAll() {
                guard case .send(let order) = message else { continue }
                order.completion(.failure(.connection("the client has no room to start")))
            }
        }
    }
}
