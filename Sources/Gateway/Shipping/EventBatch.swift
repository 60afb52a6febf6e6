/// Events of one segment that follow each other and are sent together.
struct EventBatch: Sendable {
    let segment: SegmentName

    /// Where its first line begins in the segment.
    let start: Int

    /// Its lines, with their line feeds.
    let bytes: [UInt8]

    /// Where the events are in `bytes`, without line feeds.
    private let ranges: [Range<Int>]

    /// Takes lines that were read at `start`: all of them, or as many as have `eventsMax` events.
    ///
    /// Lines that are no event, which are those that a power loss tore, are passed over.
    init(_ lines: [UInt8], of segment: SegmentName, start: Int, eventsMax: Int = .max) {
        self.segment = segment
        self.start = start
        var ranges: [Range<Int>] = []
        var index = 0
        while index < lines.count, ranges.count < eventsMax,
            let end = lines[index...].firstIndex(of: 0x0A)
        {
            if EventLine(lines.span.extracting(index..<end)) != nil { ranges.append(index..<end) }
            index = end + 1
        }
        bytes = Array(lines[..<index])
        self.ranges = ranges
    }

    /// The events, oldest first.
    var events: [ArraySlice<UInt8>] { ranges.map { bytes[$0] } }

    var count: Int { ranges.count }

    /// Behind its last line in the segment.
    var end: Int { start + bytes.count }

    /// The first half of its events.
    var firstHalf: EventBatch {
        let last = ranges[max(count / 2, 1) - 1]
        return EventBatch(Array(bytes[...last.upperBound]), of: segment, start: start)
    }

    /// What the same events always have and no others: the first and the last `id`, and how many.
    var token: String {
        guard let first = ranges.first, let last = ranges.last else { return "none" }
        return "\(identifier(of: first))-\(identifier(of: last))-\(count)"
    }

    /// The `id` of each event.
    var identifiers: [String] { ranges.map(identifier) }

    private func identifier(of range: Range<Int>) -> String {
        let line = bytes.span.extracting(range)
        guard let event = EventLine(line) else { return "" }
        return String(decoding: line.extracting(event.id).copied, as: UTF8.self)
    }
}
