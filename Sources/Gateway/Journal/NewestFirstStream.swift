/// The events of one loop that a query may be about, newest first.
final class NewestFirstStream {
    struct Head {
        var key: EventKey

        /// Where the event's members are; `nil` when this is only a place down to which there is no
        /// event that the query asks for.
        var event: EventLine?
        var line: [UInt8] = []
    }

    /// What comes next; `nil` at the end.
    private(set) var head: Head?

    private let query: EventQuery
    private let folder: SegmentFolder

    /// Segments not begun yet, the newest last.
    private var entries: [SegmentFolder.Entry]
    private var reader: BackwardReader?
    private var bytesReadBefore = 0

    /// What every line that the query asks for holds one of.
    private let words: [[UInt8]]

    /// Segments whose events are all later are passed over.
    private let timeTo: Int64

    init(
        _ query: EventQuery,
        folder: SegmentFolder,
        entries: [SegmentFolder.Entry]
    ) throws(Errno) {
        self.query = query
        self.folder = folder
        self.entries = entries
        words = query.wordsOfLines
        timeTo = min(query.timeTo, query.before?.time ?? .max)
        try advance()
    }

    var bytesRead: Int { bytesReadBefore + (reader?.bytesRead ?? 0) }

    /// Moves on to the next event, or place.
    func advance() throws(Errno) {
        head = nil
        while true {
            if try stepBack() { return }
            bytesReadBefore = bytesRead
            reader = nil
            guard let entry = entries.popLast() else { return }
            if entry.isSealed, let index = SegmentIndex(of: entry.name, in: folder),
                !query.mayHaveEvents(in: index)
            {
                guard index.head.events > 0 else { continue }
                head = Head(key: EventKey(time: index.head.timeFrom, id: index.head.idFrom))
                return
            }
            guard let file = try folder.open(entry.name), try beginsInTime(file) else { continue }
            reader = try BackwardReader(file)
        }
    }

    /// Makes `head` what comes next in the present segment; `false` when it is at its beginning.
    private func stepBack() throws(Errno) -> Bool {
        while let step = try reader?.previous(holding: words) {
            switch step {
            case .line(let line):
                guard let event = EventLine(line.span) else { continue }
                head = Head(key: EventKey(event, in: line.span), event: event, line: line)
                return true
            case .passed(let line):
                guard let event = EventLine(line.span) else { continue }
                head = Head(key: EventKey(event, in: line.span))
                return true
            }
        }
        return false
    }

    /// Whether the first event of a segment is not too late; times in a segment only go up.
    private func beginsInTime(_ file: borrowing DiskFile) throws(Errno) -> Bool {
        if timeTo == .max { return true }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = try file.read(into: &bytes, at: 0)
        guard let end = bytes[..<count].firstIndex(of: 0x0A) else { return true }
        let line = Array(bytes[..<end])
        guard let event = EventLine(line.span) else { return true }
        return EventKey(event, in: line.span).time <= timeTo
    }
}
