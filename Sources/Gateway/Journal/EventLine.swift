/// Where the members of one event are in its line.
///
/// A light scan of a line that this program wrote: top-level members only, strings as they are
/// escaped. A line that is not one whole JSON object, or has no `id`, `type` or `timestamp`, is
/// refused.
struct EventLine: Sendable {
    /// The ranges of the values, without the quotes of strings; empty when a member is missing.
    private(set) var id = 0..<0
    private(set) var type = 0..<0
    private(set) var category = 0..<0
    private(set) var timestamp = 0..<0
    private(set) var tenant = 0..<0
    private(set) var request = 0..<0
    private(set) var requestIP = 0..<0
    private(set) var client = 0..<0
    private(set) var managementUser = 0..<0

    /// The value of `data`, with its braces.
    private(set) var details = 0..<0

    /// - Parameter line: The bytes of the line without its line feed.
    init?(_ line: Span<UInt8>) {
        let end = line.count - 1
        guard end >= 1, line[0] == UInt8(ascii: "{"), line[end] == UInt8(ascii: "}") else {
            return nil
        }
        var index = 1
        while index < end {
            guard let name = Self.string(line, at: index) else { return nil }
            index = name.upperBound + 1
            guard index < end, line[index] == UInt8(ascii: ":") else { return nil }
            guard let value = Self.value(line, at: index + 1) else { return nil }
            let isString = line[index + 1] == UInt8(ascii: "\"")
            keep(isString ? value.lowerBound + 1..<value.upperBound - 1 : value, line, name)
            index = value.upperBound
            guard index <= end else { return nil }
            if index == end { break }
            guard line[index] == UInt8(ascii: ","), index + 1 < end else { return nil }
            index += 1
        }
        guard index == end, !id.isEmpty, !type.isEmpty, !timestamp.isEmpty else { return nil }
    }

    /// The range of the string whose opening quote is at `index`, without the quotes.
    static func string(_ line: Span<UInt8>, at index: Int) -> Range<Int>? {
        guard index < line.count, line[index] == UInt8(ascii: "\"") else { return nil }
        var end = index + 1
        while end < line.count {
            end += plainCount(line, at: end)
            guard end < line.count else { return nil }
            switch line[end] {
            case UInt8(ascii: "\""): return index + 1..<end
            case UInt8(ascii: "\\"): end += 2
            case 0..<0x20: return nil
            default: end += 1
            }
        }
        return nil
    }

    /// How many bytes from `index` on are neither a quote, nor a backslash, nor a control; counted
    /// eight at a time, so that it may be too few at the end of the line.
    @inline(__always)
    private static func plainCount(_ line: Span<UInt8>, at index: Int) -> Int {
        let bytes = unsafe line.bytes
        let ones: UInt64 = 0x0101_0101_0101_0101
        var offset = index
        while offset &+ 8 <= line.count {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            // The highest bit of a byte is set when the byte is 0, 0 or below 0x20; the lowest such
            // byte is told exactly, those above it may be wrong.
            let hits =
                ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
                | ((word &- ones &* 0x20) & ~word)
            let marks = hits & (ones &* 0x80)
            if marks != 0 { return offset &- index &+ marks.trailingZeroBitCount / 8 }
            offset &+= 8
        }
        return offset &- index
    }

    /// The range of the value that begins at `index`, strings with their quotes.
    static func value(_ line: Span<UInt8>, at index: Int) -> Range<Int>? {
        guard index < line.count else { return nil }
        switch line[index] {
        case UInt8(ascii: "\""):
            return string(line, at: index).map { index..<$0.upperBound + 1 }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return nested(line, at: index)
        default:
            var end = index
            while end < line.count, line[end] != UInt8(ascii: ","), line[end] != UInt8(ascii: "}") {
                guard line[end] > 0x20 else { return nil }
                end += 1
            }
            return end > index ? index..<end : nil
        }
    }

    private static func nested(_ line: Span<UInt8>, at index: Int) -> Range<Int>? {
        var depth = 0
        var end = index
        while end < line.count {
            switch line[end] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return index..<end + 1 }
            case UInt8(ascii: "\""):
                guard let text = string(line, at: end) else { return nil }
                end = text.upperBound
            case 0..<0x20: return nil
            default: break
            }
            end += 1
        }
        return nil
    }

    private mutating func keep(_ value: Range<Int>, _ line: Span<UInt8>, _ name: Range<Int>) {
        switch name.count {
        case 2 where line.holds("id", at: name): id = value
        case 4 where line.holds("type", at: name): type = value
        case 4 where line.holds("data", at: name): details = value
        case 8 where line.holds("category", at: name): category = value
        case 8 where line.holds("tenantId", at: name): tenant = value
        case 8 where line.holds("clientId", at: name): client = value
        case 9 where line.holds("timestamp", at: name): timestamp = value
        case 9 where line.holds("requestId", at: name): request = value
        case 9 where line.holds("requestIp", at: name): requestIP = value
        case 16 where line.holds("managementUserId", at: name): managementUser = value
        default: break
        }
    }
}

extension Span<UInt8> {
    /// Whether the bytes in `range` are `text`.
    func holds(_ text: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        let wanted = unsafe Span(_unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount)
        return holds(wanted, at: range)
    }

    /// Whether the bytes in `range` are `other`.
    func holds(_ other: Span<UInt8>, at range: Range<Int>) -> Bool {
        extracting(range).isEqual(to: other)
    }

    /// Whether the bytes in `range` end with `text`.
    func ends(with text: StaticString, in range: Range<Int>) -> Bool {
        let length = text.utf8CodeUnitCount
        guard range.count >= length else { return false }
        return holds(text, at: range.upperBound - length..<range.upperBound)
    }
}
