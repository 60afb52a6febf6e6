/// Finds the next batch of a shipper, going round the loops.
struct BatchSearch {
    private let reader: UnshippedReader
    private let intervalMilliseconds: Int64

    /// The loop whose turn was last.
    private var lastLoop = -1

    /// When a loop is looked at again whose events were all sent, in monotonic milliseconds: the
    /// next ones wait for company.
    private var dueAt: [Int: Int64] = [:]

    /// The part of a batch that is being sent, so that it is read once.
    private var part: EventBatch?

    init(folder: SegmentFolder, settings: Configuration.Shipper) {
        reader = UnshippedReader(
            folder: folder,
            eventsMax: settings.eventsMax,
            bytesMax: settings.bytesMax
        )
        intervalMilliseconds = Int64(settings.intervalMilliseconds)
    }

    /// The batch that is under way, or the next one; `nil` when there is nothing to send yet.
    ///
    /// - Parameters:
    ///   - course: Told of the batch that begins.
    ///   - takesAll: Whether events wait for no others.
    /// - Returns: A batch that is the pending one of `course`.
    /// - Throws: Why the journal cannot be read.
    mutating func next(
        _ course: inout ShippingCourse,
        takesAll: Bool
    ) throws(Errno) -> EventBatch? {
        if let range = course.progress.pendingRange, let pending = course.progress.pending {
            if let part, part.segment == pending.segment, part.start == range.lowerBound,
                part.end == range.upperBound
            {
                return part
            }
            part = try reader.batch(of: pending.segment, in: range)
            if let part { return part }
            // The journal's limit has removed it, or a loss of power what was not on the disk.
            course.abandon()
        }
        part = nil
        let byLoop = Dictionary(grouping: try reader.folder.entries(), by: \.name.loop)
        let loops = byLoop.keys.sorted()
        for loop in loops.filter({ $0 > lastLoop }) + loops.filter({ $0 <= lastLoop }) {
            let now = Clock.monotonicMilliseconds()
            if !takesAll, let due = dueAt[loop], now < due { continue }
            let place = course.progress.places[loop]
            let find = try reader.next(behind: place, in: byLoop[loop] ?? [])
            guard let batch = find.batch else {
                if let reached = find.place, reached != place { course.move(to: reached) }
                continue
            }
            course.begin(batch)
            part = batch
            lastLoop = loop
            dueAt[loop] = reader.isFull(batch) ? nil : now + intervalMilliseconds
            return batch
        }
        return nil
    }
}

extension UnshippedReader {
    /// Whether there may be more events right behind a batch.
    fileprivate func isFull(_ batch: EventBatch) -> Bool {
        batch.count >= eventsMax || batch.bytes.count + EventLimits.lineBytesMax >= bytesMax
    }
}
