/// How far somebody has come in the events of one loop.
struct JournalPlace: Hashable, Sendable {
    var segment: SegmentName

    /// Behind the last line that is done with.
    var offset: Int

    /// Whether nothing more is wanted of the segment.
    var isComplete = false

    /// From which byte on a segment of the same loop is wanted; `nil` when nothing of it is.
    ///
    /// Only numbers tell the order: the clock may go back. Another segment of the same number took the
    /// place of one that was removed empty.
    func wantedOffset(of other: SegmentName) -> Int? {
        if other == segment { return isComplete ? nil : offset }
        return other.number >= segment.number ? 0 : nil
    }
}
