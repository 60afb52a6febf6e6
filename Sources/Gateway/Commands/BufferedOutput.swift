/// Standard output by large pieces, for commands that write many lines.
struct BufferedOutput {
    private static let pieceBytes = 65_536

    private var buffer: [UInt8] = []

    /// Writes a line; the end of the line is added.
    mutating func write(_ line: ArraySlice<UInt8>) {
        buffer += line
        buffer.append(0x0A)
        if buffer.count >= Self.pieceBytes { flush() }
    }

    mutating func write(_ line: String) { write(Array(line.utf8)[...]) }

    /// Hands over what was written so far.
    mutating func flush() {
        guard !buffer.isEmpty else { return }
        StandardStream.output.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
