/// The answer to a question for events.
struct EventsReport: Sendable {
    var status: Int
    var json: [UInt8]

    /// How long to wait before asking again.
    var retryAfterSeconds: Int?
}
