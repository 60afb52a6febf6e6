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

    /// The line before those that were given out, without its line feed; `nil` at the beginning.
    mutating func previous() throws(Errno) -> [UInt8]? {
        while true {
            if let start = lineStart() {
                let line = Array(buffer[start..<end - 1])
                end = start
                if !line.isEmpty { return line }
                continue
            }
            guard bufferStart > 0 else { return nil }
            try fill()
        }
    }

    /// Where the last line before `end` begins; `nil` when that is not in the buffer.
    private func lineStart() -> Int? {
        guard end > 0 else { return nil }
        let bytes = buffer.span
        var index = end - 1
        while index > 0 {
            if bytes[index - 1] == 0x0A { return index }
            index -= 1
        }
        return bufferStart == 0 ? 0 : nil
    }

    /// Puts the piece before the buffer in front of what is left in it.
    private mutating func fill() throws(Errno) {
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
