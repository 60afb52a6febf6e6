/// The lines of a `revoked` file, and of a body that is written like one.
///
/// A line is one value, without the blanks around it. A line that begins with `#` is a comment, and
/// so is what follows a blank and a `#`. In front of the value may stand what it is, then blanks,
/// `=` or `:`.
struct RevocationText {
    let bytes: [UInt8]

    /// Where the next line begins.
    private var offset = 0

    /// Why a text cannot be used.
    enum Fault: Error, Hashable, CustomStringConvertible {
        case notUTF8
        case controlCharacter(line: Int)

        var description: String {
            switch self {
            case .notUTF8: "not UTF-8"
            case .controlCharacter(let line): "a control character on line \(line)"
            }
        }
    }

    /// One entry: a value, and where it stands in the text.
    struct Entry: Hashable {
        let kinds: RevocationKinds
        let value: Range<Int>

        /// The whole line when it counts as a value too, because it might be one: `sub:x`.
        let whole: Range<Int>?
    }

    /// Takes a text apart; a byte order mark in front is skipped.
    init(_ bytes: [UInt8]) throws(Fault) {
        guard (try? UTF8Span(validating: bytes.span)) != nil else { throw .notUTF8 }
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
        try checkCharacters()
    }

    private func checkCharacters() throws(Fault) {
        var line = 1
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x0A: line += 1
            case 0x09: continue
            case 0x0D where index + 1 == bytes.count || bytes[index + 1] == 0x0A: continue
            case 0..<0x20, 0x7F: throw .controlCharacter(line: line)
            default: continue
            }
        }
    }
}

extension RevocationText {
    /// The next entry; `nil` at the end.
    mutating func next() -> Entry? {
        while offset < bytes.count {
            let end = bytes[offset...].firstIndex(of: 0x0A) ?? bytes.count
            let line = trimmed(offset..<end)
            offset = end + 1
            if let entry = entry(in: withoutComment(line)) { return entry }
        }
        return nil
    }

    /// All entries in a table; `nil` when there are more than `entriesMax`.
    func table(entriesMax: Int) -> (table: RevocationTable, counts: RevocationCounts)? {
        var counts = RevocationCounts()
        var valuesCount = 0
        var counting = self
        while let entry = counting.next() {
            counts.add(entry.kinds)
            valuesCount += entry.whole == nil ? 1 : 2
        }
        guard counts.total <= entriesMax else { return nil }
        var table = RevocationTable(valuesMax: valuesCount)
        var reading = self
        while let entry = reading.next() {
            table.insert(bytes.span.extracting(entry.value), for: entry.kinds)
            if let whole = entry.whole { table.insert(bytes.span.extracting(whole), for: .any) }
        }
        return (table, counts)
    }

    private func isBlank(_ index: Int) -> Bool {
        bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == 0x0D
    }

    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, isBlank(start) { start += 1 }
        while end > start, isBlank(end - 1) { end -= 1 }
        return start..<end
    }

    private func withoutComment(_ line: Range<Int>) -> Range<Int> {
        for index in line where bytes[index] == UInt8(ascii: "#") {
            if index == line.lowerBound || isBlank(index - 1) {
                return trimmed(line.lowerBound..<index)
            }
        }
        return line
    }

    private static let kinds: [(word: StaticString, kinds: RevocationKinds)] = [
        ("token", .token), ("jti", .token), ("subject", .subject), ("sub", .subject),
        ("client_id", .client), ("client", .client),
    ]

    private func entry(in line: Range<Int>) -> Entry? {
        guard !line.isEmpty else { return nil }
        for (word, kinds) in Self.kinds {
            guard let end = end(of: word, in: line) else { continue }
            var start = trimmed(end..<line.upperBound).lowerBound
            let isSpaced = start > end
            let isMarked =
                start < line.upperBound
                && (bytes[start] == UInt8(ascii: "=") || bytes[start] == UInt8(ascii: ":"))
            if isMarked { start = trimmed(start + 1..<line.upperBound).lowerBound }
            guard isSpaced || isMarked, start < line.upperBound else { continue }
            let value = start..<line.upperBound
            return Entry(kinds: kinds, value: value, whole: isMarked ? line : nil)
        }
        return Entry(kinds: .any, value: line, whole: nil)
    }

    /// Where a word ends that a line begins with.
    private func end(of word: StaticString, in line: Range<Int>) -> Int? {
        let length = word.utf8CodeUnitCount
        guard length < line.count else { return nil }
        for offset in 0..<length {
            let letter = unsafe word.utf8Start[offset]
            guard bytes[line.lowerBound + offset] == letter else { return nil }
        }
        return line.lowerBound + length
    }
}
