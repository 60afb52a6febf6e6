/// Prints events oldest first, and those that come later, from the files alone: another process
/// may be writing them.
enum EventListing {
    /// Which events are wanted; `nil` asks for nothing.
    struct Filter: Sendable {
        /// A tenant's name.
        var tenant: String?

        /// An event's type, such as `OPENID_TOKEN_FAIL`, or a family with all its types.
        var type: String?

        /// A `requestId`.
        var request: String?

        /// The earliest time, in milliseconds since 1970.
        var sinceMilliseconds: Int64?

        init() {}
    }

    /// How long a following reader waits before it looks again.
    private static let pollMilliseconds: Int32 = 200

    /// Gives every event wanted to `emit`, one line of JSON without a line feed.
    ///
    /// - Parameters:
    ///   - path: The journal's folder.
    ///   - filter: Which events are wanted.
    ///   - follows: Whether to go on with new events until `isStopped`.
    ///   - emit: Takes one event.
    ///   - isStopped: Asked between events.
    /// - Throws: Why the folder cannot be read.
    static func run(
        journalPath path: String,
        filter: Filter,
        follows: Bool,
        emit: (ArraySlice<UInt8>) -> Void,
        isStopped: () -> Bool
    ) throws(JournalFailure) {
        do {
            let follower = try EventFollower(path: path, filter: filter)
            let alarm = try WakeUp()
            while !isStopped() {
                if let line = try follower.next() {
                    emit(line[...])
                } else if follows {
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
