import Synchronization

/// What one loop's writer has done, readable from other threads.
final class JournalCounters: Sendable {
    let events = Atomic<Int>(0)
    let bytes = Atomic<Int>(0)
    let failures = Atomic<Int>(0)
    let lostEvents = Atomic<Int>(0)
    let openStarts = Atomic<Int>(0)
    let segmentsMadeByLoop = Atomic<Int>(0)
    let isUnavailable = Atomic<Bool>(false)
}

/// The journal's own numbers, for metrics and readiness.
struct JournalStatistics: Sendable, Equatable {
    /// Events written since the start, and their bytes.
    var events = 0
    var bytes = 0

    /// STARTs that could not be written.
    var failures = 0

    /// Events of other kinds that could not be written.
    var lostEvents = 0

    /// Requests without an outcome so far.
    var openStarts = 0

    /// Segments made by the loops themselves because none was ready.
    var segmentsMadeByLoops = 0

    /// Segments made since the start.
    var segmentsMade = 0

    /// Segments sealed, and removed by age or size, since the start.
    var segmentsSealed = 0
    var segmentsRemoved = 0

    /// Events removed for the size of the journal that somebody still wanted.
    var unshippedEventsRemoved = 0

    /// Segment files in the folder and their bytes, when last looked at.
    var segmentFiles = 0
    var segmentBytes = 0

    /// STARTs of earlier processes that got their FAIL at this start.
    var recoveredStarts = 0

    /// Loops that cannot write at present.
    var unavailableLoops = 0

    /// The last failure of a file operation, in the system's words.
    var lastError: String?
}
