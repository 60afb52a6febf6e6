/// How far somebody has come in the events of one loop.
struct JournalPlace: Hashable, Sendable {
    var segment: SegmentName

    /// Behind the last line that is done with.
    var offset: Int

    /// Whether nothing more is wanted of the segment.
    var isComplete = false

    /// Whether a segment was begun after the one of this place.
    ///
    /// Numbers go up, but begin again at 1 when a start finds none of a loop; the time is then later.
    func isBefore(_ other: SegmentName) -> Bool {
        other.number > segment.number || other.milliseconds > segment.milliseconds
    }

    /// From which byte on a segment of the same loop is wanted; `nil` when nothing of it is.
    func wantedOffset(of other: SegmentName) -> Int? {
        if other == segment { return isComplete ? nil : offset }
        return isBefore(other) ? 0 : nil
    }
}
