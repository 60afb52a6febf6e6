/// Prints events oldest first, and those that come later, from the files alone: another process
/// may be writing them.
enum EventListing {
    /// Which events are wanted; `nil` asks for nothing.
    struct Filter: Sendable {
        /// A tenant's name.
        var tenant: String?

        /// An event's type, such as `OPENID_TOKEN_FAIL`, or a family with all its types.
        var type: String?

        /// A `clientId`.
        var client: String?

        /// A `requestId`.
        var request: String?

        /// The earliest and the latest time, in milliseconds since 1970.
        var sinceMilliseconds: Int64?
        var untilMilliseconds: Int64?

        init() {}
    }

    /// How long a following reader waits before it looks again.
    private static let pollMilliseconds: Int32 = 200

    /// After how many events it is asked whether anybody wants more.
    private static let eventsBetweenLooks = 64

    /// Whether no more events can come that are wanted.
    private static func hasEnded(_ filter: Filter) -> Bool {
        filter.untilMilliseconds.map { $0 < Clock.unixMilliseconds() } ?? false
    }

    /// Gives every event wanted to `emit`, one line of JSON without a line feed.
    ///
    /// - Parameters:
    ///   - path: The journal's folder.
    ///   - filter: Which events are wanted.
    ///   - follows: Whether to go on with new events until `isStopped`.
    ///   - emit: Takes one event.
    ///   - flush: Called when there is no event for a while, and at the end.
    ///   - isStopped: Asked now and then.
    /// - Throws: Why the folder cannot be read.
    static func run(
        journalPath path: String,
        filter: Filter,
        follows: Bool,
        emit: (ArraySlice<UInt8>) -> Void,
        flush: () -> Void = {},
        isStopped: () -> Bool
    ) throws(JournalFailure) {
        defer { flush() }
        do {
            let follower = try EventFollower(path: path, filter: filter)
            let alarm = try WakeUp()
            var count = 0
            while count % eventsBetweenLooks != 0 || !isStopped() {
                if let line = try follower.next() {
                    emit(line[...])
                    count += 1
                } else if follows, !hasEnded(filter) {
                    flush()
                    count = 0
                    alarm.wait(milliseconds: pollMilliseconds)
                    try follower.refresh()
                } else {
                    return
                }
            }
        } catch {
            throw .file(path: path, operation: .list, reason: error)
        }
    }
}
