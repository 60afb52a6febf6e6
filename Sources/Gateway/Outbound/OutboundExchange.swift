import HTTP

/// One request and the answers to it, without I/O: what arrives goes in, what to do comes out.
///
/// However the answer is split, the outcome is the same.
struct OutboundExchange {
    let request: OutboundRequest

    /// Where the request goes, which a redirect changes.
    private(set) var url: OutboundURL
    private var redirectsCount = 0
    private var reader: AnswerReader

    /// What is to be done next.
    enum Step: Hashable, Sendable {
        /// More of the answer is wanted.
        case wantsMore

        /// The answer is complete; `staysOpen`: the connection can serve another request.
        case finished(OutboundAnswer, staysOpen: Bool)

        /// The request is to be sent to the new `url`.
        case follow(staysOpen: Bool)
    }

    init(_ request: OutboundRequest) {
        self.request = request
        url = request.url
        reader = AnswerReader(request)
    }

    /// What is to be sent.
    var message: [UInt8] { request.message(to: url) }

    /// Whether the request may be sent again when nothing of an answer has come.
    var isRepeatable: Bool { request.method == .get || request.isRepeatable }

    /// Takes in what has arrived.
    ///
    /// - Throws: Why there will be no answer; the connection cannot be used again.
    mutating func received(_ bytes: Span<UInt8>) throws(OutboundFailure) -> Step {
        try reader.take(bytes) ? finish() : .wantsMore
    }

    /// Takes note that the server has ended the connection.
    ///
    /// TLS connections that end without `close_notify` count too: what is asked for with this client
    /// are JSON texts, which show by themselves that they were cut off.
    mutating func ended() throws(OutboundFailure) -> Step {
        try reader.end()
        return try finish()
    }

    private mutating func finish() throws(OutboundFailure) -> Step {
        let staysOpen = reader.staysOpen
        switch reader.status {
        case 301, 302, 303, 307, 308:
            url = try redirected()
            redirectsCount += 1
            reader = AnswerReader(request)
            return .follow(staysOpen: staysOpen)
        default: return .finished(reader.answer, staysOpen: staysOpen)
        }
    }

    /// Where a redirect leads: to the same origin, or it is not followed.
    private func redirected() throws(OutboundFailure) -> OutboundURL {
        guard request.method == .get, redirectsCount < request.redirectsMax,
            let location = reader.location, let next = url.resolving(location),
            OutboundOrigin(next, caPath: nil) == OutboundOrigin(url, caPath: nil)
        else { throw .redirected }
        return next
    }
}
