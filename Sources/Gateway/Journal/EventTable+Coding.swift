extension EventTable {
    /// The most bytes that a written table may have.
    static let bytesMax = 8 * 1_048_576

    /// The table as a segment's index holds it: row after row, numbers with the lowest byte first.
    var bytes: [UInt8] {
        var output = LittleEndianWriter()
        output.put(UInt32(rows.count))
        for row in rows { Self.put(row, &output) }
        return output.bytes
    }

    /// Reads what `bytes` gave; `nil` when it is none.
    init?(_ bytes: [UInt8]) {
        var input = LittleEndianReader(bytes)
        guard let count = input.take(UInt32.self), count <= Self.groupsMax else { return nil }
        var rows: [Row] = []
        for _ in 0..<count {
            guard let row = Self.row(&input) else { return nil }
            rows.append(row)
        }
        guard input.isAtEnd else { return nil }
        self.init(rows: rows)
    }

    private static func put(_ row: Row, _ output: inout LittleEndianWriter) {
        let group = row.group
        for part in [
            group.tenant, group.category, group.type, group.route, group.client, group.code,
        ] {
            let kept = part.prefix(Int(UInt16.max))
            output.put(UInt16(kept.count))
            output.put(Array(kept))
        }
        output.put(UInt64(bitPattern: group.hour))
        output.put(UInt64(row.tally.events))
        output.put(UInt64(row.tally.refused))
        output.put(UInt64(row.tally.latency.longest))
        let classes = row.tally.latency.counts.enumerated().filter { $0.element > 0 }
        output.put(UInt16(classes.count))
        for (number, count) in classes {
            output.put(UInt16(number))
            output.put(UInt32(truncatingIfNeeded: count))
        }
    }

    private static func row(_ input: inout LittleEndianReader) -> Row? {
        var parts: [[UInt8]] = []
        for _ in 0..<6 {
            guard let length = input.take(UInt16.self), let part = input.bytes(Int(length)) else {
                return nil
            }
            parts.append(part)
        }
        guard let hour = input.take(UInt64.self), let events = input.count(),
            let refused = input.count(), let longest = input.count(),
            let classes = input.take(UInt16.self), classes <= LatencyHistogram.classesMax
        else { return nil }
        let group = EventGroup(
            tenant: parts[0],
            category: parts[1],
            type: parts[2],
            route: parts[3],
            client: parts[4],
            code: parts[5],
            hour: Int64(bitPattern: hour)
        )
        let phase = EventPhase(group.type.span, type: group.type.indices)
        var tally = EventTally()
        tally.count(events: events, requests: refused, phase)
        for _ in 0..<classes {
            guard let number = input.take(UInt16.self), number < LatencyHistogram.classesMax,
                let count = input.take(UInt32.self)
            else { return nil }
            tally.latency.add(Int(count), toClass: Int(number), longest: longest)
        }
        return Row(group: group, phase: phase, tally: tally)
    }
}

/// Appends numbers with the lowest byte first.
struct LittleEndianWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ number: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: 0, to: number.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    mutating func put(_ more: [UInt8]) { bytes += more }
}

/// Reads numbers with the lowest byte first; `nil` where there is nothing left to read.
struct LittleEndianReader {
    private let source: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { source = bytes }

    var isAtEnd: Bool { index == source.count }

    mutating func take<Number: FixedWidthInteger & UnsignedInteger>(
        _: Number.Type
    ) -> Number? {
        let length = Number.bitWidth / 8
        guard source.count - index >= length else { return nil }
        var number: Number = 0
        for offset in 0..<length { number |= Number(source[index + offset]) << (offset * 8) }
        index += length
        return number
    }

    /// A number that may count things: at most 2^53.
    mutating func count() -> Int? {
        guard let number = take(UInt64.self), number <= 1 << 53 else { return nil }
        return Int(number)
    }

    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard source.count - index >= count else { return nil }
        defer { index += count }
        return Array(source[index..<index + count])
    }
}
