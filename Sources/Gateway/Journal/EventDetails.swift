/// Where the members of an event's `data` are in its line.
///
/// All ranges are empty when there is no `data`, or it is not one whole JSON object.
struct EventDetails: Sendable {
    /// The ranges of the values, without the quotes of strings; empty when a member is missing.
    private(set) var route = 0..<0
    private(set) var method = 0..<0
    private(set) var status = 0..<0
    private(set) var duration = 0..<0
    private(set) var upstreamStatus = 0..<0
    private(set) var code = 0..<0
    private(set) var count = 0..<0

    /// - Parameters:
    ///   - event: The event.
    ///   - line: Its line.
    init(_ event: EventLine, in line: Span<UInt8>) {
        guard event.details.count > 2, line[event.details.lowerBound] == UInt8(ascii: "{") else {
            return
        }
        let end = event.details.upperBound - 1
        var index = event.details.lowerBound + 1
        while index < end {
            guard let name = EventLine.string(line, at: index),
                name.upperBound + 1 < end, line[name.upperBound + 1] == UInt8(ascii: ":"),
                let value = EventLine.value(line, at: name.upperBound + 2),
                value.upperBound <= end
            else { return }
            let isString = line[value.lowerBound] == UInt8(ascii: "\"")
            keep(isString ? value.lowerBound + 1..<value.upperBound - 1 : value, line, name)
            index = value.upperBound + 1
        }
    }

    private mutating func keep(_ value: Range<Int>, _ line: Span<UInt8>, _ name: Range<Int>) {
        switch name.count {
        case 4 where line.holds("code", at: name): code = value
        case 5 where line.holds("route", at: name): route = value
        case 5 where line.holds("count", at: name): count = value
        case 6 where line.holds("status", at: name): status = value
        case 6 where line.holds("method", at: name): method = value
        case 10 where line.holds("durationMs", at: name): duration = value
        case 14 where line.holds("upstreamStatus", at: name): upstreamStatus = value
        default: break
        }
    }

    /// The duration in microseconds; `nil` when there is none, or it is no such number.
    func microseconds(in line: Span<UInt8>) -> Int? {
        guard !duration.isEmpty, duration.count <= 20 else { return nil }
        var value = 0
        var fraction: Int?
        for index in duration {
            if line[index] == UInt8(ascii: "."), fraction == nil {
                fraction = 0
                continue
            }
            guard case 0x30...0x39 = line[index] else { return nil }
            if let digits = fraction {
                if digits == 3 { continue }
                fraction = digits + 1
            } else if value > LatencyHistogram.microsecondsMax / 1_000 {
                return nil
            }
            value = value * 10 + Int(line[index] - 0x30)
        }
        for _ in (fraction ?? 0)..<3 { value *= 10 }
        return min(value, LatencyHistogram.microsecondsMax)
    }

    /// How many requests the event stands for, of an event that only counts them; else 1.
    func requests(in line: Span<UInt8>) -> Int {
        guard !count.isEmpty, count.count <= 9 else { return 1 }
        var value = 0
        for index in count {
            guard case 0x30...0x39 = line[index] else { return 1 }
            value = value * 10 + Int(line[index] - 0x30)
        }
        return value
    }
}
