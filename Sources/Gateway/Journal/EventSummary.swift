/// Counts of the events that a query asks for, by group.
///
/// A sealed segment that lies wholly in the time asked for is answered by the table of its index; any
/// other is read. Like a page it blocks, and is bounded in time and in bytes read; segments are taken
/// newest first, so what a bound cuts short is complete from `timeFrom` on.
struct EventSummary {
    /// The most bytes that a summary reads, and the longest that it takes.
    static let bytesReadMax = 256 * 1_048_576
    static let millisecondsMax: Int64 = 5_000

    /// The most groups that are told apart; the events of further ones count as `others`.
    static let groupsMax = 10_000

    private(set) var groups: [EventGroup: EventTally] = [:]
    private(set) var others: EventTally?

    /// Whether everything was read that the query asks for.
    private(set) var isComplete = true

    /// From when on the counts are complete, in digits.
    private(set) var timeFrom: Int64

    let query: EventQuery
    private let part: (EventGroup) -> EventGroup
    private let limits: ReadLimits
    private var bytesRead = 0

    /// Reads what there is.
    ///
    /// - Parameters:
    ///   - query: What is asked for.
    ///   - path: The journal's folder; `nil` when nothing is recorded.
    ///   - limits: What it may read.
    ///   - part: What of a group tells it from others.
    /// - Throws: Why the folder cannot be read.
    init(
        _ query: EventQuery,
        journalPath path: String?,
        limits: ReadLimits,
        by part: @escaping (EventGroup) -> EventGroup
    ) throws(Errno) {
        self.query = query
        self.part = part
        self.limits = limits
        timeFrom = query.timeFrom
        guard let path else { return }
        let folder = SegmentFolder(path: path)
        var entries = try folder.entries().sorted { $0.name.milliseconds < $1.name.milliseconds }
        while let entry = entries.popLast() {
            try take(entry, in: folder)
            if limits.areReached(bytesRead: bytesRead), !entries.isEmpty {
                isComplete = false
                timeFrom = max(timeFrom, try Self.end(of: entries, in: folder) + 1)
                return
            }
        }
    }

    /// Counts the events of one segment.
    private mutating func take(
        _ entry: SegmentFolder.Entry,
        in folder: SegmentFolder
    ) throws(Errno) {
        if entry.isSealed, let index = SegmentIndex(of: entry.name, in: folder) {
            guard query.mayHaveEvents(in: index) else { return }
            if query.isAnswered(byTableOf: index.head), let table = index.table {
                bytesRead += index.head.tableBytes
                for row in table.rows where query.matches(row.group) { add(row) }
                return
            }
        }
        guard let file = try folder.open(entry.name) else { return }
        try read(file)
    }

    /// Counts line by line; the bounds are looked at between segments, which are small.
    private mutating func read(_ file: consuming DiskFile) throws(Errno) {
        var reader = ForwardReader(file)
        var table = EventTable()
        let query = query
        while try reader.readPiece({ line in
            guard let event = EventLine(line) else { return }
            let time = EventKey.time(event, in: line)
            guard time >= query.timeFrom, time <= query.timeTo, query.matches(event, in: line)
            else { return }
            table.take(event, in: line)
        }) {}
        bytesRead += reader.bytesRead
        for row in table.rows { add(row) }
        if let rest = table.rest { addToOthers(rest) }
    }

    private mutating func add(_ row: EventTable.Row) {
        let group = part(row.group)
        if groups[group] != nil || groups.count < Self.groupsMax {
            groups[group, default: EventTally()].add(row.tally)
        } else {
            addToOthers(row.tally)
        }
    }

    private mutating func addToOthers(_ tally: EventTally) {
        var sum = others ?? EventTally()
        sum.add(tally)
        others = sum
    }

    /// The time of the last event in segments that were not read.
    private static func end(
        of entries: [SegmentFolder.Entry],
        in folder: SegmentFolder
    ) throws(Errno) -> Int64 {
        var latest = Int64.min
        // The last one of each loop that has any event.
        for loop in Dictionary(grouping: entries, by: \.name.loop).values {
            for entry in loop.sorted(by: { $0.name > $1.name }) {
                guard let file = try folder.open(entry.name) else { continue }
                var reader = try BackwardReader(file)
                guard case .line(let line) = try reader.previous(),
                    let event = EventLine(line.span)
                else { continue }
                latest = max(latest, EventKey.time(event, in: line.span))
                break
            }
        }
        return latest == .max ? latest - 1 : latest
    }
}
