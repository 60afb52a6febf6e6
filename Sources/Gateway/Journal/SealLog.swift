/// The seals of a journal's segments: `seals.jsonl`, one line a sealed segment.
///
/// A seal is the SHA-256 of the previous seal, the segment's own SHA-256 and its file name, each
/// followed by a line feed; so no segment can be changed, left out or put in unnoticed. A segment that
/// had its time gets a line that says so, with the word `removed` in place of its SHA-256.
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
            guard line.endIndex < length, let seal = Self.member("seal", of: text) else { break }
            if let name = Self.member("segment", of: text) {
                sealedNames.insert(name)
            } else if Self.member("removed", of: text) == nil {
                break
            }
            previous = seal
            byteCount = line.endIndex + 1
        }
    }

    /// Writes the seal of a segment that has its final name and length.
    ///
    /// Its events are counted unless the writer has counted them.
    mutating func seal(_ name: SegmentName, events counted: Int? = nil) throws(Errno) {
        let file = try DiskFile(reading: folder + "/" + name.sealed)
        let contents = try Self.digest(file, events: counted, makeDigest())
        try append(
            "\"segment\":\"\(name.sealed)\",\"bytes\":\(contents.bytes),"
                + "\"events\":\(contents.events),\"sha256\":\"\(contents.sha256)\"",
            of: name.sealed,
            as: contents.sha256
        )
        sealedNames.insert(name.sealed)
    }

    /// Notes that a sealed segment is removed because it had its time.
    mutating func remove(_ name: String) throws(Errno) {
        try append("\"removed\":\"\(name)\"", of: name, as: Self.removedWord)
    }

    /// What stands for the SHA-256 of a segment that is removed.
    static let removedWord = "removed"

    /// Appends a line of these members, with its seal.
    private mutating func append(
        _ members: String,
        of name: String,
        as word: String
    ) throws(Errno) {
        let seal = Self.seal(after: previous, word, name, makeDigest())
        let line = "{\(members),\"previous\":\"\(previous)\",\"seal\":\"\(seal)\"}\n"
        let log = try DiskFile(changing: folder + "/" + Self.fileName)
        try log.truncate(to: byteCount)
        try log.write(Array(line.utf8), at: byteCount)
        byteCount += line.utf8.count
        previous = seal
    }

    /// The seal of a line.
    static func seal(
        after previous: String,
        _ word: String,
        _ name: String,
        _ digest: any RunningDigest
    ) -> String {
        digest.update(Array("\(previous)\n\(word)\n\(name)\n".utf8).span)
        return hexadecimal(digest.finish())
    }

    /// What a segment's file is.
    struct Contents {
        var bytes = 0
        var events = 0
        var sha256 = ""
    }

    /// Reads a segment's file; its events are counted unless they were before.
    static func digest(
        _ file: borrowing DiskFile,
        events counted: Int? = nil,
        _ digest: any RunningDigest
    ) throws(Errno) -> Contents {
        var contents = Contents()
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        while true {
            let count = try file.read(into: &piece, at: contents.bytes)
            if count == 0 { break }
            let span = piece.span.extracting(0..<count)
            digest.update(span)
            if counted == nil { contents.events += lineCount(span) }
            contents.bytes += count
        }
        if let counted { contents.events = counted }
        contents.sha256 = hexadecimal(digest.finish())
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
    static func member(_ name: String, of line: String) -> String? {
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
