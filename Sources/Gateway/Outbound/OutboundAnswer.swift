/// What an `OutboundRequest` was answered with.
struct OutboundAnswer: Hashable, Sendable {
    let status: Int
    let body: [UInt8]

    /// For how long the server allows it to be kept, in seconds; `nil` when it does not say.
    let maxAgeSeconds: Int64?
}
