/// One page of the answer to a query: reads segments, newest events first.
///
/// It blocks on files, so it runs off the event loops, and it is bounded in time and in bytes
/// read; a page that the bound cuts short has a cursor to go on from.
struct EventPage {
    /// The most bytes of segments that one page reads.
    static let bytesReadMax = 256 * 1_048_576

    /// The longest that one page takes.
    static let millisecondsMax: Int64 = 2_000

    /// How long a full page looks for one more event, to know whether there is a next page.
    private static let lookAheadMilliseconds: Int64 = 50

    /// The events of the page, each as it stands in its segment.
    private(set) var events: [[UInt8]] = []

    /// Where the next page begins; `nil` when there is none.
    private(set) var next: EventKey?

    private let query: EventQuery
    private var deadline: Int64

    /// Reads a page.
    ///
    /// - Parameters:
    ///   - query: What is asked for.
    ///   - path: The journal's folder.
    /// - Throws: Why a segment cannot be read.
    init(_ query: EventQuery, journalPath path: String) throws(Errno) {
        self.query = query
        deadline = Clock.monotonicMilliseconds() + Self.millisecondsMax
        let folder = SegmentFolder(path: path)
        let timeTo = min(query.timeTo, query.before?.time ?? .max)
        let loops = Dictionary(grouping: try folder.entries().map(\.name), by: \.loop)
        var streams: [NewestFirstStream] = []
        for names in loops.values {
            streams.append(
                try NewestFirstStream(folder: folder, names: names, timeTo: timeTo)
            )
        }
        try collect(from: streams)
    }

    /// The body of the answer: `{"data":[...],"nextCursor":"..."}`.
    var json: [UInt8] {
        var json = Array("{\"data\":[".utf8)
        json.reserveCapacity(events.reduce(100) { $0 + $1.count + 1 })
        for (index, event) in events.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json += event
        }
        json.append(UInt8(ascii: "]"))
        if let next {
            json += Array(",\"nextCursor\":\"".utf8) + next.cursor + Array("\"".utf8)
        }
        json.append(UInt8(ascii: "}"))
        return json
    }

    private mutating func collect(from streams: [NewestFirstStream]) throws(Errno) {
        var last: EventKey?
        var count = 0
        while let newest = streams.filter({ $0.head != nil }).max(by: Self.isOlder),
            let head = newest.head
        {
            count += 1
            if head.key.time < query.timeFrom { return }
            let isBefore = query.before.map { head.key < $0 } ?? true
            if isBefore, head.key.time <= query.timeTo {
                if query.matches(head.event, in: head.line.span) {
                    if events.count == query.limit {
                        next = last
                        return
                    }
                    append(head.line)
                }
                last = head.key
            }
            if count % 256 == 0, isExhausted(streams) {
                next = last ?? query.before
                return
            }
            try newest.advance()
        }
    }

    private mutating func append(_ line: [UInt8]) {
        events.append(line)
        if events.count == query.limit {
            deadline = min(
                deadline,
                Clock.monotonicMilliseconds() + Self.lookAheadMilliseconds
            )
        }
    }

    private static func isOlder(_ left: NewestFirstStream, _ right: NewestFirstStream) -> Bool {
        guard let first = left.head, let second = right.head else { return left.head == nil }
        return first.key < second.key
    }

    private func isExhausted(_ streams: [NewestFirstStream]) -> Bool {
        streams.reduce(0) { $0 + $1.bytesRead } > Self.bytesReadMax
            || Clock.monotonicMilliseconds() > deadline
    }
}

/// The events of one loop, newest first.
private final class NewestFirstStream {
    struct Head {
        var key: EventKey
        var event: EventLine
        var line: [UInt8]
    }

    /// The event that comes next; `nil` at the end.
    private(set) var head: Head?

    private let folder: SegmentFolder

    /// Segments not begun yet, the newest last.
    private var names: [SegmentName]
    private var reader: BackwardReader?
    private var bytesReadBefore = 0

    /// Segments whose events are all later are passed over.
    private let timeTo: Int64

    init(folder: SegmentFolder, names: [SegmentName], timeTo: Int64) throws(Errno) {
        self.folder = folder
        self.names = names
        self.timeTo = timeTo
        try advance()
    }

    var bytesRead: Int { bytesReadBefore + (reader?.bytesRead ?? 0) }

    /// Moves on to the next event.
    func advance() throws(Errno) {
        head = nil
        while true {
            while let line = try reader?.previous() {
                guard let event = EventLine(line.span) else { continue }
                head = Head(key: EventKey(event, in: line.span), event: event, line: line)
                return
            }
            bytesReadBefore = bytesRead
            reader = nil
            guard let name = names.popLast() else { return }
            guard let file = try folder.open(name), try beginsInTime(file) else { continue }
            reader = try BackwardReader(file)
        }
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
