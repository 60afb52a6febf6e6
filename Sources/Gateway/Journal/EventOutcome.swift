/// How a request ended, as its SUCCESS or FAIL event tells it.
struct EventOutcome: Sendable {
    /// What went wrong, in words that the program holds and no request can choose.
    struct Fault: Sendable {
        /// A code of the refusal table, such as `upstream-timeout`; at most 64 bytes count.
        var type: StaticString

        /// One line for a reader; at most 160 bytes count.
        var message: StaticString
    }

    /// The status that the client got; 0 when it got none.
    private(set) var status: Int

    /// The status that the upstream answered; 0 when it answered none.
    private(set) var upstreamStatus: Int

    /// What went wrong; `nil` for an answer of the upstream that tells it by its status alone.
    private(set) var fault: Fault?

    /// What a shadow policy would have answered, where that is something else.
    var shadow: StaticString?

    /// Whether the gateway refused, so that the fault's type is its code.
    private(set) var isRefusal = false

    /// An answer was sent: the upstream's, or the gateway's own when `upstreamStatus` is `nil`.
    ///
    /// A status of 400 and above makes it a FAIL of type `upstream-status`.
    ///
    /// - Parameters:
    ///   - status: The status that the client got.
    ///   - upstreamStatus: The upstream's status, if it has answered.
    ///   - fault: What the answer tells the client of, whatever its status; it makes it a FAIL.
    /// - Returns: The outcome.
    static func answered(
        status: Int,
        upstreamStatus: Int?,
        fault: Fault? = nil
    ) -> EventOutcome {
        EventOutcome(status: status, upstreamStatus: upstreamStatus ?? 0, fault: fault)
    }

    /// The gateway refused the request, or could not carry it through.
    ///
    /// - Parameters:
    ///   - status: The status that the client got; `nil` when it got none.
    ///   - upstreamStatus: The upstream's status, when it had begun to answer.
    ///   - fault: The refusal's code and its words.
    /// - Returns: The outcome, a FAIL.
    static func failed(status: Int?, upstreamStatus: Int? = nil, fault: Fault) -> EventOutcome {
        EventOutcome(
            status: status ?? 0,
            upstreamStatus: upstreamStatus ?? 0,
            fault: fault,
            isRefusal: true
        )
    }

    /// Whether this is a SUCCESS: no fault, and the status that decides is below 400.
    var isSuccess: Bool {
        fault == nil && (upstreamStatus > 0 ? upstreamStatus : status) < 400
    }
}
