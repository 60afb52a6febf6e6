/// Reads the lines of one segment from its end to its beginning, while it may still grow.
struct BackwardReader: ~Copyable {
    /// Bytes read from the file so far.
    private(set) var bytesRead = 0

    private let file: DiskFile
    private var buffer: [UInt8] = []

    /// The offset in the file of the buffer's first byte.
    private var bufferStart: Int

    /// Behind the lines in the buffer that were not given out yet.
    private var end = 0

    private static let pieceBytes = 131_072

    /// Begins behind the last whole line there is now.
    init(_ file: consuming DiskFile) throws(Errno) {
        let used = try Self.usedBytes(of: file)
        self.file = file
        bufferStart = used
    }

    /// What was found on the way to the beginning.
    enum Step {
        /// The line before those that were given out, without its line feed.
        case line([UInt8])

        /// Lines that hold none of the words wanted, passed over without a closer look; the first
        /// of them in the file.
        case passed([UInt8])
    }

    /// The next step towards the beginning; `nil` when it is reached.
    ///
    /// - Parameter words: What lines that matter hold one of; with none of them all lines matter.
    /// - Returns: The step.
    /// - Throws: Why the file cannot be read.
    mutating func previous(holding words: [[UInt8]] = []) throws(Errno) -> Step? {
        while true {
            if let start = lineStart() {
                let line = Array(buffer[start..<end - 1])
                end = start
                if !line.isEmpty { return .line(line) }
                continue
            }
            guard bufferStart > 0 else { return nil }
            try fill()
            if !words.isEmpty, let first = passOver(words) { return .passed(first) }
        }
    }

    /// Where the last line before `end` begins; `nil` when that is not in the buffer.
    private func lineStart() -> Int? {
        guard end > 0 else { return nil }
        if let lineFeed = buffer.span.lastIndex(of: 0x0A, before: end - 1) { return lineFeed + 1 }
        return bufferStart == 0 ? 0 : nil
    }

    /// Passes over the whole lines in the buffer, unless one holds one of the words.
    private mutating func passOver(_ words: [[UInt8]]) -> [UInt8]? {
        guard let first = firstLine(without: words) else { return nil }
        end = first.lowerBound
        return Array(buffer[first])
    }

    /// The first whole line in the buffer, if neither it nor one behind it holds one of the words.
    private func firstLine(without words: [[UInt8]]) -> Range<Int>? {
        let bytes = buffer.span
        var start = 0
        if bufferStart > 0 {
            guard let lineFeed = bytes.firstIndex(of: 0x0A) else { return nil }
            start = lineFeed + 1
        }
        guard start < end, let first = bytes.firstIndex(of: 0x0A, from: start) else { return nil }
        for word in words where bytes.contains(word.span, in: start..<end) { return nil }
        return start..<first
    }

    /// Puts the piece before the buffer in front of what is left in it.
    private mutating func fill() throws(Errno) {
        if end > EventLimits.lineBytesMax {
            // None of ours is so long; what is left of it is no event, because of the zero.
            buffer = [0, 0x0A]
            end = buffer.count
        }
        let start = max(0, bufferStart - Self.pieceBytes)
        var piece = [UInt8](repeating: 0, count: bufferStart - start)
        _ = try file.read(into: &piece, at: start)
        bytesRead += piece.count
        buffer = piece + buffer[..<end]
        end = buffer.count
        bufferStart = start
    }
}

extension BackwardReader {
    /// Behind the last whole line of a segment.
    ///
    /// Up to the line that is being written no byte is zero, and behind it all are; so the end is
    /// found by halving, and then the line feed before it.
    static func usedBytes(of file: borrowing DiskFile) throws(Errno) -> Int {
        var low = 0
        var high = file.byteCount
        var probe: [UInt8] = [0]
        while low < high {
            let middle = low + (high - low) / 2
            let count = try file.read(into: &probe, at: middle)
            if count == 1, probe[0] != 0 { low = middle + 1 } else { high = middle }
        }
        let start = max(0, low - EventLimits.lineBytesMax)
        var tail = [UInt8](repeating: 0, count: low - start)
        let length = try file.read(into: &tail, at: start)
        guard let lineFeed = tail[..<length].lastIndex(of: 0x0A) else { return 0 }
        return start + lineFeed + 1
    }
}
