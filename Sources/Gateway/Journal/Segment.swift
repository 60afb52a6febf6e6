/// A segment that events are being written to.
final class Segment: Sendable {
    let name: SegmentName
    let path: String
    let file: MappedFile

    /// Makes the file, with all of its disk blocks.
    init(folder: String, name: SegmentName, byteCount: Int) throws(Errno) {
        self.name = name
        path = folder + "/" + name.active
        file = try MappedFile(creating: path, byteCount: byteCount)
    }
}

/// A segment that its loop writes no more to.
struct RetiredSegment: Sendable {
    let segment: Segment

    /// Where its events end.
    let usedBytes: Int

    /// How many events it holds.
    let events: Int

    /// Requests whose START it holds and whose outcome is yet to come, in a later segment.
    ///
    /// It is sealed when there are none, so a START in a sealed segment always has its outcome.
    var openStarts: Int
}
