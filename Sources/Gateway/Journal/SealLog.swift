/// The seals of a journal's segments: `seals.jsonl`, one line a sealed segment.
///
/// A seal is the SHA-256 of the previous seal, the segment's own SHA-256 and its file name, each
/// followed by a line feed; so no segment can be changed, left out or put in unnoticed.
struct SealLog {
    static let fileName = "seals.jsonl"

    private let folder: String
    private let makeDigest: @Sendable () -> any RunningDigest
    private var previous: String
    private var byteCount: Int

    /// The names of the segments that have a seal.
    private(set) var sealedNames: Set<String> = []

    private static let pieceBytes = 65_536

    /// Reads the seals of a folder; a torn last line is overwritten by the next seal.
    init(
        folder: String,
        makeDigest: @escaping @Sendable () -> any RunningDigest
    ) throws(Errno) {
        self.folder = folder
        self.makeDigest = makeDigest
        previous = String(repeating: "0", count: 64)
        byteCount = 0
        let file = try DiskFile(changing: folder + "/" + Self.fileName)
        var bytes = [UInt8](repeating: 0, count: file.byteCount)
        let length = try file.read(into: &bytes, at: 0)
        for line in bytes[..<length].split(separator: 0x0A, omittingEmptySubsequences: false) {
            let text = String(decoding: line, as: UTF8.self)
            guard line.endIndex < length, let name = Self.member("segment", of: text),
                let seal = Self.member("seal", of: text)
            else { break }
            sealedNames.insert(name)
            previous = seal
            byteCount = line.endIndex + 1
        }
    }

    /// Writes the seal of a segment that has its final name and length.
    ///
    /// Its events are counted unless the writer has counted them.
    mutating func seal(_ name: SegmentName, events counted: Int? = nil) throws(Errno) {
        let file = try DiskFile(reading: folder + "/" + name.sealed)
        let contents = try digest(file, events: counted)
        let chain = makeDigest()
        chain.update(Array("\(previous)\n\(contents.sha256)\n\(name.sealed)\n".utf8).span)
        let seal = Self.hexadecimal(chain.finish())
        let line =
            "{\"segment\":\"\(name.sealed)\",\"bytes\":\(contents.bytes),"
            + "\"events\":\(contents.events),\"sha256\":\"\(contents.sha256)\","
            + "\"previous\":\"\(previous)\",\"seal\":\"\(seal)\"}\n"
        let log = try DiskFile(changing: folder + "/" + Self.fileName)
        try log.truncate(to: byteCount)
        try log.write(Array(line.utf8), at: byteCount)
        byteCount += line.utf8.count
        previous = seal
        sealedNames.insert(name.sealed)
    }

    private struct Contents {
        var bytes = 0
        var events = 0
        var sha256 = ""
    }

    private func digest(
        _ file: borrowing DiskFile,
        events counted: Int?
    ) throws(Errno) -> Contents {
        let digest = makeDigest()
        var contents = Contents()
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        while true {
            let count = try file.read(into: &piece, at: contents.bytes)
            if count == 0 { break }
            let span = piece.span.extracting(0..<count)
            digest.update(span)
            if counted == nil { contents.events += Self.lineCount(span) }
            contents.bytes += count
        }
        if let counted { contents.events = counted }
        contents.sha256 = Self.hexadecimal(digest.finish())
        return contents
    }

    /// How many line ends there are, eight bytes at a time.
    static func lineCount(_ span: Span<UInt8>) -> Int {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        let bytes = unsafe span.bytes
        var count = 0
        var offset = 0
        while offset + 8 <= span.count {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            // A byte that is zero after the difference keeps its highest bit clear in the sum.
            let difference = word ^ 0x0A0A_0A0A_0A0A_0A0A
            let others = (difference & low) + low | difference | low
            count += (~others).nonzeroBitCount
            offset += 8
        }
        while offset < span.count {
            count += span[offset] == 0x0A ? 1 : 0
            offset += 1
        }
        return count
    }

    /// The value of a string member of a seal line; seals hold no escapes.
    private static func member(_ name: String, of line: String) -> String? {
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        guard line.hasSuffix("}"), let index = parts.firstIndex(of: Substring(name)),
            index + 2 < parts.count, parts[index + 1] == ":"
        else { return nil }
        return String(parts[index + 2])
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }
}
