/// What a journal is opened with.
struct JournalSettings: Sendable {
    /// The size of a segment file where there is room.
    static let segmentBytesDefault = 16 * 1_048_576

    /// The size of a segment file where there is hardly any.
    static let segmentBytesMin = 65_536

    /// The share of the free space, and of `limit`, that one segment takes at most.
    static let segmentShare = 16

    /// The folder of the journal, absolute.
    var path: String

    /// How many writers there are: one a loop, numbered from 0.
    var loops: Int

    var durability = Configuration.Durability.process
    var keepSeconds = 30 * 86_400
    var limitBytes = 20 * 1_073_741_824
    var segmentBytes = JournalSettings.segmentBytesDefault

    /// A segment older than this is sealed even when it is not full.
    var segmentAgeMilliseconds: Int64 = 3_600_000

    /// Makes the digest that seals are computed with.
    var makeDigest: @Sendable () -> any RunningDigest

    /// Who keeps segments from being removed for their age.
    var holds = SegmentHolds()

    /// Takes what an operator should know, in words.
    var report: @Sendable (String) -> Void = { _ in }

    /// Asked before each segment is made: a failure to have instead, for tests.
    var allocationFailure: @Sendable () -> Errno? = { nil }

    /// What the disk says instead of taking what was written; for tests.
    var synchronizationFailure: @Sendable () -> Errno? = { nil }

    init(path: String, loops: Int, makeDigest: @escaping @Sendable () -> any RunningDigest) {
        precondition(loops > 0 && loops < 1_000)
        self.path = path
        self.loops = loops
        self.makeDigest = makeDigest
    }
}

/// SHA-256 over bytes that come in pieces.
protocol RunningDigest: AnyObject {
    /// Takes the next bytes in.
    func update(_ bytes: Span<UInt8>)

    /// The 32 bytes of the digest; nothing can be taken in afterwards.
    func finish() -> [UInt8]
}
