/// What the thread of an `OutboundClient` is told.
enum OutboundMessage: Sendable {
    /// A request to be made.
    case send(Order)

    /// How an origin is reached, or why that cannot be found out.
    case found(OutboundOrigin, Result<OutboundServer, OutboundFailure>)

    /// End.
    case stop

    /// A request, and who waits for its answer.
    struct Order: Sendable {
        let request: OutboundRequest

        /// In `Clock.monotonicMilliseconds()`.
        let deadline: Int64
        let completion: OutboundClient.Completion
    }
}
