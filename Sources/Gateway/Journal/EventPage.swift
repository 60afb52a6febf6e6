/// One page of the answer to a query: reads segments, newest events first.
///
/// It blocks on files, so it runs off the event loops, and it is bounded in time and in bytes
/// read; a page that the bound cuts short has a cursor to go on from.
struct EventPage {
    /// The most bytes of segments that one page reads.
    static let bytesReadMax = 256 * 1_048_576

    /// The longest that one page takes.
    static let millisecondsMax: Int64 = 2_000

    /// After how many events the clock is looked at.
    private static let eventsBetweenLooks = 256

    /// How long a full page looks for one more event, to know whether there is a next page.
    private static let lookAheadMilliseconds: Int64 = 50

    /// The events of the page, each as it stands in its segment.
    private(set) var events: [[UInt8]] = []

    /// Where the next page begins; `nil` when there is none.
    private(set) var next: EventKey?

    private let query: EventQuery
    private var limits: ReadLimits

    /// Reads a page.
    ///
    /// - Parameters:
    ///   - query: What is asked for.
    ///   - path: The journal's folder; `nil` when nothing is recorded.
    /// - Throws: Why a segment cannot be read.
    init(_ query: EventQuery, journalPath path: String?) throws(Errno) {
        self.query = query
        limits = ReadLimits(
            bytesMax: Self.bytesReadMax,
            deadline: Clock.monotonicMilliseconds() + Self.millisecondsMax
        )
        guard let path else { return }
        let folder = SegmentFolder(path: path)
        let loops = Dictionary(grouping: try folder.entries(), by: \.name.loop)
        var streams: [NewestFirstStream] = []
        for entries in loops.values {
            streams.append(try NewestFirstStream(query, folder: folder, entries: entries))
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
            if isBefore {
                if let event = head.event, head.key.time <= query.timeTo,
                    query.matches(event, in: head.line.span)
                {
                    if events.count == query.limit {
                        next = last
                        return
                    }
                    append(head.line)
                }
                last = head.key
            }
            if count % Self.eventsBetweenLooks == 0 || head.event == nil, isExhausted(streams) {
                next = last ?? query.before
                return
            }
            try newest.advance()
        }
    }

    private mutating func append(_ line: [UInt8]) {
        events.append(line)
        if events.count == query.limit {
            limits.deadline = min(
                limits.deadline,
                Clock.monotonicMilliseconds() + Self.lookAheadMilliseconds
            )
        }
    }

    private static func isOlder(_ left: NewestFirstStream, _ right: NewestFirstStream) -> Bool {
        guard let first = left.head, let second = right.head else { return left.head == nil }
        return first.key < second.key
    }

    private func isExhausted(_ streams: [NewestFirstStream]) -> Bool {
        limits.areReached(bytesRead: streams.reduce(0) { $0 + $1.bytesRead })
    }
}
