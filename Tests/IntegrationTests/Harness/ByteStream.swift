/// Bytes as they arrive, taken by line or by count.
final class ByteStream {
    /// Gives the next bytes; empty at the end.
    private let more: (Deadline) throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var start = 0
    private(set) var hasEnded = false

    init(more: @escaping (Deadline) throws -> [UInt8]) {
        self.more = more
    }

    var unread: ArraySlice<UInt8> { buffer[start...] }

    /// Waits for more bytes; false at the end.
    func fill(_ deadline: Deadline) throws -> Bool {
        guard !hasEnded else { return false }
        let bytes = try more(deadline)
        guard !bytes.isEmpty else {
            hasEnded = true
            return false
        }
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer += bytes
        return true
    }

    /// A line without its CRLF; a bare LF is an error, as is the end in the middle.
    func line(_ deadline: Deadline) throws -> [UInt8] {
        var searched = 0
        while true {
            if let end = unread.dropFirst(searched).firstIndex(of: 0x0A) {
                let line = unread[..<end]
                guard line.last == 0x0D else { throw Trouble.malformed("a bare LF") }
                start = end + 1
                return Array(line.dropLast())
            }
            searched = unread.count
            guard try fill(deadline) else { throw Trouble.closed("in the middle of a line") }
        }
    }

    /// Between one and `limit` bytes; `nil` at the end.
    func some(upTo limit: Int, _ deadline: Deadline) throws -> ArraySlice<UInt8>? {
        if unread.isEmpty, !(try fill(deadline)) { return nil }
        let piece = unread.prefix(limit)
        start += piece.count
        return piece
    }

    /// Whether the other side ends without sending another byte.
    func endsSilently(_ deadline: Deadline) throws -> Bool {
        guard unread.isEmpty else { return false }
        return !(try fill(deadline))
    }
}
