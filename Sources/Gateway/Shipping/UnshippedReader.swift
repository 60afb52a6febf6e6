/// Reads events out of a journal's folder from places that are kept elsewhere.
struct UnshippedReader: Sendable {
    let folder: SegmentFolder

    /// The most events of a batch, and what their lines take at the most.
    let eventsMax: Int
    let bytesMax: Int

    /// What there is to send of one loop.
    struct Find {
        /// The next events; `nil` when there is none yet.
        var batch: EventBatch?

        /// How far there is nothing to send; `nil` when that has not changed.
        var place: JournalPlace?
    }

    /// What there is behind `place`, or behind the beginning.
    ///
    /// - Parameters:
    ///   - place: How far the events of the loop are done with.
    ///   - entries: The segments of the loop as they were listed, by number.
    /// - Returns: At least one event and at most a batch, all of one segment.
    /// - Throws: Why a segment cannot be read.
    func next(
        behind place: JournalPlace?,
        in entries: [SegmentFolder.Entry]
    ) throws(Errno) -> Find {
        var find = Find(batch: nil, place: nil)
        for (index, entry) in entries.enumerated() {
            guard let start = Self.wantedOffset(of: entry.name, behind: find.place ?? place) else {
                continue
            }
            // Asked before the rest is read: what was written till then is read afterwards.
            let isComplete =
                entry.isSealed ? true : try hasBegun(entries[(index + 1)...])
            guard let file = try folder.open(entry.name) else { continue }
            var offset = start
            if offset > 0, try !Self.isLineStart(offset, in: file) { offset = 0 }
            while true {
                let lines = try file.wholeLines(
                    from: offset,
                    bytesMax: max(bytesMax, EventLimits.lineBytesMax + 1),
                    isComplete: isComplete
                )
                if lines.isEmpty { break }
                let batch = EventBatch(
                    lines,
                    of: entry.name,
                    start: offset,
                    eventsMax: eventsMax
                )
                if batch.count > 0 {
                    find.batch = batch
                    return find
                }
                offset = batch.end
            }
            find.place = JournalPlace(
                segment: entry.name,
                offset: offset,
                isComplete: isComplete
            )
            if !isComplete { return find }
        }
        return find
    }

    /// The events from `range` of a segment; `nil` when it does not have them any more.
    func batch(of segment: SegmentName, in range: Range<Int>) throws(Errno) -> EventBatch? {
        guard let file = try folder.open(segment), range.upperBound <= file.byteCount else {
            return nil
        }
        if range.lowerBound > 0, try !Self.isLineStart(range.lowerBound, in: file) { return nil }
        guard try Self.isLineStart(range.upperBound, in: file) else { return nil }
        var bytes = [UInt8](repeating: 0, count: range.count)
        guard try file.read(into: &bytes, at: range.lowerBound) == range.count else { return nil }
        let batch = EventBatch(bytes, of: segment, start: range.lowerBound)
        return batch.count > 0 && batch.end == range.upperBound ? batch : nil
    }

    static func wantedOffset(of segment: SegmentName, behind place: JournalPlace?) -> Int? {
        place.map { $0.wantedOffset(of: segment) } ?? 0
    }

    /// Whether a line ends before `offset`: a loss of power may have taken what was sent before it.
    private static func isLineStart(
        _ offset: Int,
        in file: borrowing DiskFile
    ) throws(Errno) -> Bool {
        var byte: [UInt8] = [0]
        return try file.read(into: &byte, at: offset - 1) == 1 && byte[0] == 0x0A
    }

    /// Whether one of the segments has been written to.
    private func hasBegun(_ entries: ArraySlice<SegmentFolder.Entry>) throws(Errno) -> Bool {
        for entry in entries {
            guard let file = try folder.open(entry.name) else { continue }
            var byte: [UInt8] = [0]
            if try file.read(into: &byte, at: 0) == 1, byte[0] != 0 { return true }
        }
        return false
    }
}
