/// What a shipper has not sent yet.
struct ShippingLag: Hashable, Sendable {
    /// The age of the oldest event that was not sent; 0 without any.
    var milliseconds: Int64 = 0

    /// What such events take in the journal.
    var bytes = 0

    init() {}

    /// Looks for what is behind the places.
    ///
    /// - Parameters:
    ///   - places: How far each loop's events are done with.
    ///   - folder: The journal's folder.
    ///   - now: Milliseconds since 1970.
    /// - Throws: Why the folder cannot be read.
    init(
        behind places: [Int: JournalPlace],
        in folder: SegmentFolder,
        at now: Int64
    ) throws(Errno) {
        var loopsSeen: Set<Int> = []
        for entry in try folder.entries() {
            let place = places[entry.name.loop]
            guard let start = UnshippedReader.wantedOffset(of: entry.name, behind: place),
                let file = try folder.open(entry.name)
            else { continue }
            let end = try entry.isSealed ? file.byteCount : BackwardReader.usedBytes(of: file)
            guard end > start else { continue }
            bytes += end - start
            // Segments come by their numbers: a loop's first one has its oldest event.
            guard loopsSeen.insert(entry.name.loop).inserted else { continue }
            let lines = try file.wholeLines(
                from: start,
                bytesMax: EventLimits.lineBytesMax + 1,
                isComplete: entry.isSealed
            )
            let batch = EventBatch(lines, of: entry.name, start: start, eventsMax: 1)
            if let time = batch.firstTime { milliseconds = max(milliseconds, now - time) }
        }
    }
}

extension EventBatch {
    /// The time of the first event, in milliseconds since 1970.
    fileprivate var firstTime: Int64? {
        guard let line = events.first.map(Array.init), let event = EventLine(line.span) else {
            return nil
        }
        return EventTime.milliseconds(Array(line[event.timestamp]), edge: .start)
    }
}
