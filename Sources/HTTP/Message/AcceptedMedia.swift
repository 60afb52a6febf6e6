/// What the `Accept` fields of a request say of HTML and JSON (RFC 9110 section 12.5.1).
public struct AcceptedMedia: Equatable, Sendable {
    /// Weights in thousandths; 0 when a type is not named.
    private var html = 0
    private var json = 0

    /// Creates what no field says anything of.
    public init() {}

    /// Whether a page is named, and rather than JSON: what a browser sends when it goes somewhere.
    ///
    /// `*/*` names neither, so programs that say it, or nothing, get JSON.
    public var prefersHTML: Bool { html > json }

    /// Takes the value of one field in; what is malformed counts as not said.
    public mutating func take(_ value: Span<UInt8>) {
        var start = 0
        while start < value.count {
            let end = value.firstOffset(of: UInt8(ascii: ","), from: start, to: value.count)
            let range = value.trimmingWhitespace(start..<end)
            takeOne(value.extracting(range))
            start = end + 1
        }
    }

    private mutating func takeOne(_ range: Span<UInt8>) {
        if MediaType.matches(range, "text/html")
            || MediaType.matches(range, "application/xhtml+xml")
        {
            html = max(html, Self.weight(range))
        } else if MediaType.matches(range, "application/json") {
            json = max(json, Self.weight(range))
        }
    }

    /// The `q` of a media range in thousandths; 1000 without one, 0 when it is malformed.
    private static func weight(_ range: Span<UInt8>) -> Int {
        var start = range.firstOffset(of: UInt8(ascii: ";"), from: 0, to: range.count)
        while start < range.count {
            let end = range.firstOffset(of: UInt8(ascii: ";"), from: start + 1, to: range.count)
            let part = range.trimmingWhitespace(start + 1..<end)
            if part.count >= 2, ASCII.lowercased(range[part.lowerBound]) == UInt8(ascii: "q"),
                range[part.lowerBound + 1] == UInt8(ascii: "=")
            {
                return thousandths(range.extracting(part.lowerBound + 2..<part.upperBound))
            }
            start = end
        }
        return 1_000
    }

    /// The value of a `qvalue`: 0 or 1, and up to three digits behind a point.
    private static func thousandths(_ text: Span<UInt8>) -> Int {
        guard !text.isEmpty, text.count <= 5, text[0] == 0x30 || text[0] == 0x31 else { return 0 }
        var value = Int(text[0] - 0x30) * 1_000
        guard text.count > 1 else { return value }
        guard text[1] == UInt8(ascii: ".") else { return 0 }
        var unit = 100
        for index in 2..<text.count {
            guard ASCII.isDigit(text[index]) else { return 0 }
            value += Int(text[index] - 0x30) * unit
            unit /= 10
        }
        return min(value, 1_000)
    }
}
