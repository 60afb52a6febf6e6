/// How much one question may read, and for how long.
struct ReadLimits: Sendable {
    var bytesMax: Int

    /// Milliseconds of the monotonic clock.
    var deadline: Int64

    /// No limits, for a command that answers nobody else meanwhile.
    static let none = ReadLimits(bytesMax: .max, deadline: .max)

    /// Whether a question that has read so much must end.
    func areReached(bytesRead: Int) -> Bool {
        bytesRead > bytesMax || Clock.monotonicMilliseconds() > deadline
    }
}
