/// What an `OutboundRequest` was answered with.
struct OutboundAnswer: Hashable, Sendable {
    let status: Int
    let body: [UInt8]

    /// The `Retry-After` (RFC 9110 section 10.2.3) as it came; `nil` without exactly one.
    var retryAfter: String?

    /// For how long the server allows it to be kept, in seconds; `nil` when it does not say.
    let maxAgeSeconds: Int64?
}
