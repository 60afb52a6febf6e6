/// The name of a segment file: `segment-MILLISECONDS-LOOP-NUMBER`, digits with leading zeros.
///
/// `.active` follows while it may be written to, `.jsonl` once it is sealed. The milliseconds since
/// 1970 say when it was made. Numbers of one loop only go up, over restarts too.
struct SegmentName: Hashable, Sendable, Comparable {
    static let activeSuffix = ".active"
    static let sealedSuffix = ".jsonl"
    static let indexSuffix = ".index"

    var milliseconds: Int64
    var loop: Int
    var number: Int

    init(milliseconds: Int64, loop: Int, number: Int) {
        self.milliseconds = milliseconds
        self.loop = loop
        self.number = number
    }

    /// Reads a file name; `nil` when it is none of a segment.
    init?(fileName: String) {
        guard
            fileName.hasSuffix(Self.activeSuffix) || fileName.hasSuffix(Self.sealedSuffix)
        else { return nil }
        self.init(stem: fileName)
    }

    /// Reads the file name of a segment's index; `nil` when it is none.
    init?(indexName: String) {
        guard indexName.hasSuffix(Self.indexSuffix) else { return nil }
        self.init(stem: indexName)
    }

    private init?(stem fileName: String) {
        guard fileName.hasPrefix("segment-"), let dot = fileName.lastIndex(of: ".") else {
            return nil
        }
        let parts = fileName[..<dot].split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, let milliseconds = Int64(parts[1]), let loop = Int(parts[2]),
            let number = Int(parts[3]), milliseconds >= 0, loop >= 0, number >= 0
        else { return nil }
        self.init(milliseconds: milliseconds, loop: loop, number: number)
    }

    /// The name without a suffix.
    var text: String {
        "segment-\(Self.padded(Int(milliseconds), 13))-\(Self.padded(loop, 3))-\(Self.padded(number, 8))"
    }

    var active: String { text + Self.activeSuffix }
    var sealed: String { text + Self.sealedSuffix }
    var index: String { text + Self.indexSuffix }

    static func < (left: SegmentName, right: SegmentName) -> Bool {
        (left.loop, left.number, left.milliseconds) < (right.loop, right.number, right.milliseconds)
    }

    private static func padded(_ value: Int, _ digits: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
