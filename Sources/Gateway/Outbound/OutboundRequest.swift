import HTTP

/// One request that the gateway makes for itself: for keys, metadata, a token's state, or with
/// events.
struct OutboundRequest: Sendable {
    /// One header field besides those that the client sets itself.
    struct RequestField: Hashable, Sendable {
        var name: String
        var value: String
    }

    var method = Method.get
    var url: OutboundURL

    /// Names are tokens, values hold no control characters.
    var fields: [RequestField] = []
    var body: [UInt8] = []

    /// Certificate authorities for https; `nil` is the system's store.
    var caPath: String?

    /// From name look-up to the last byte of the answer.
    var deadlineMilliseconds: Int64 = 5_000

    /// The most bytes of an answer's body.
    var answerBytesMax = 256 * 1_024

    /// Redirects that are followed, each to the same origin only; a POST never is.
    var redirectsMax = 0

    /// Whether a second copy does no harm: it changes nothing at the server, as a GET never does,
    /// or whoever gets it tells copies apart.
    ///
    /// It may then be sent again when a kept-alive connection turns out to be dead.
    var isRepeatable = false

    init(_ url: OutboundURL) { self.url = url }
}
