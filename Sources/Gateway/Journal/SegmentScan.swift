/// The lines of a segment that an earlier process left behind.
///
/// A line counts when it is one whole event. Whatever else there is before the last such line was
/// torn by a power loss; what is behind it was torn when the process died, or was never written.
struct SegmentScan: Sendable {
    /// Where each whole event is, without its line feed.
    private(set) var lines: [Range<Int>] = []

    /// What lies between whole events and is none.
    private(set) var holes: [Range<Int>] = []

    /// Behind the last whole event.
    private(set) var usedBytes = 0

    /// Behind the last byte that is not zero.
    private(set) var writtenBytes = 0

    init(_ bytes: Span<UInt8>) {
        var end = bytes.count
        while end > 0, bytes[end - 1] == 0 { end -= 1 }
        writtenBytes = end
        var index = 0
        while index < end {
            let lineEnd = Self.lineFeed(bytes, from: index, to: end) ?? end
            if lineEnd < end, EventLine(bytes.extracting(index..<lineEnd)) != nil {
                if index > usedBytes { holes.append(usedBytes..<index) }
                lines.append(index..<lineEnd)
                usedBytes = lineEnd + 1
            }
            index = lineEnd + 1
        }
    }

    private static func lineFeed(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
        var index = start
        while index < end {
            if bytes[index] == 0x0A { return index }
            index += 1
        }
        return nil
    }
}
