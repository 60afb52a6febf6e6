extension DiskFile {
    /// The whole lines that begin at `offset`, with their line feeds, while the file may still grow.
    ///
    /// - Parameters:
    ///   - offset: Where a line begins.
    ///   - bytesMax: How much is read at the most.
    ///   - isComplete: Whether nothing more is written to the file.
    /// - Returns: As many lines as fit; empty when there is no whole one.
    /// - Throws: Why the file cannot be read.
    func wholeLines(
        from offset: Int,
        bytesMax: Int,
        isComplete: Bool
    ) throws(Errno) -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: bytesMax)
        let count = try read(into: &piece, at: offset)
        // A first byte of zero is a line that is being written, or none.
        guard count > 0, piece[0] != 0 else { return [] }
        // Nor is any other zero a byte that was written, but for what a power loss tore.
        let written = isComplete ? count : piece[..<count].firstIndex(of: 0) ?? count
        guard let lastLineFeed = piece[..<written].lastIndex(of: 0x0A) else { return [] }
        return Array(piece[...lastLineFeed])
    }
}
