/// Reads the lines of one segment from its beginning to the end that it has now.
struct ForwardReader: ~Copyable {
    /// Bytes read from the file so far.
    private(set) var bytesRead = 0

    private let file: DiskFile
    private var buffer = [UInt8](repeating: 0, count: pieceBytes)

    /// Where in the file the first line begins that was not given out yet.
    private var offset = 0

    private static let pieceBytes = 262_144

    init(_ file: consuming DiskFile) { self.file = file }

    /// Reads one piece and gives its whole lines, without their line feeds, to `body`.
    ///
    /// - Returns: Whether there may be more.
    mutating func readPiece(_ body: (Span<UInt8>) -> Void) throws(Errno) -> Bool {
        let count = try file.read(into: &buffer, at: offset)
        bytesRead += count
        guard let used = give(buffer.span.extracting(0..<count), body), count == Self.pieceBytes
        else { return false }
        // A line that fills the piece is none of ours; what is left of it is no event either.
        offset += used > 0 ? used : count
        return true
    }

    /// Gives the whole lines of a piece out.
    ///
    /// - Returns: Where the last one ends; `nil` when no more were written.
    private func give(_ piece: Span<UInt8>, _ body: (Span<UInt8>) -> Void) -> Int? {
        var start = 0
        while start < piece.count, let end = piece.firstIndex(of: 0x0A, from: start) {
            // A first byte of zero is a line that is being written, or none.
            if piece[start] == 0 { return nil }
            if end > start { body(piece.extracting(start..<end)) }
            start = end + 1
        }
        return start
    }
}
