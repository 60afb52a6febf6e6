import HTTP

/// Finishes what an earlier process left open, before this one writes.
///
/// Only segments that are not sealed are read: a segment is sealed when every START in it has its
/// outcome. Each START without one gets a FAIL of type `gateway-restart` in the last segment of
/// its loop, so that a recovery that is itself cut short and begun again finds it there.
struct Recovery {
    /// How many STARTs got their FAIL.
    private(set) var finishedStarts = 0

    private let folder: SegmentFolder
    private var stamp: EventStamp
    private let now: Int64

    /// - Parameters:
    ///   - folder: The journal's folder, which nobody else writes to.
    ///   - now: Milliseconds since 1970, the time of the FAIL events.
    init(folder: SegmentFolder, atMilliseconds now: Int64) {
        self.folder = folder
        self.now = now
        var random = SystemRandomNumberGenerator()
        stamp = EventStamp(node: random.next())
    }

    /// Finishes every loop.
    ///
    /// - Returns: The segments that have their final name and length now and wait for their seal.
    mutating func run() throws(Errno) -> [SegmentName] {
        let active = try folder.entries().filter { !$0.isSealed }.map(\.name)
        var done: [SegmentName] = []
        for loop in Set(active.map(\.loop)).sorted() {
            done += try recover(active.filter { $0.loop == loop })
        }
        return done
    }

    /// Finishes the segments of one loop, given in their order.
    private mutating func recover(_ names: [SegmentName]) throws(Errno) -> [SegmentName] {
        var open = OpenEvents()
        var used: [(name: SegmentName, bytes: Int)] = []
        for name in names {
            let path = folder.path + "/" + name.active
            let file = try DiskFile(changing: path)
            var bytes = [UInt8](repeating: 0, count: file.byteCount)
            _ = try file.read(into: &bytes, at: 0)
            let scan = SegmentScan(bytes.span)
            if scan.usedBytes == 0 {
                try FileSystem.remove(path)
                continue
            }
            try mend(file, scan)
            for line in scan.lines { open.take(Array(bytes[line])) }
            used.append((name, scan.usedBytes))
        }
        guard let last = used.indices.last else { return [] }
        used[last].bytes = try finish(open, in: used[last].name, at: used[last].bytes)
        for segment in used {
            let path = folder.path + "/" + segment.name.active
            let file = try DiskFile(changing: path)
            try file.truncate(to: segment.bytes)
            try file.synchronize()
            try FileSystem.rename(path, to: folder.path + "/" + segment.name.sealed)
        }
        return used.map(\.name)
    }

    /// Puts white space where events were torn, and zeros behind the last one.
    private func mend(_ file: borrowing DiskFile, _ scan: SegmentScan) throws(Errno) {
        for hole in scan.holes {
            var blank = [UInt8](repeating: UInt8(ascii: " "), count: hole.count)
            blank[hole.count - 1] = 0x0A
            try file.write(blank, at: hole.lowerBound)
        }
        if scan.writtenBytes > scan.usedBytes {
            let zeros = [UInt8](repeating: 0, count: scan.writtenBytes - scan.usedBytes)
            try file.write(zeros, at: scan.usedBytes)
        }
    }

    /// Writes the FAIL of every open START.
    ///
    /// - Returns: Where the events of the segment end now.
    private mutating func finish(
        _ open: OpenEvents,
        in name: SegmentName,
        at end: Int
    ) throws(Errno) -> Int {
        let file = try DiskFile(changing: folder.path + "/" + name.active)
        var offset = end
        for start in open.unfinished {
            let line = failure(of: start)
            try file.write(line, at: offset)
            offset += line.count
            finishedStarts += 1
        }
        return offset
    }

    /// The FAIL line of a START.
    private mutating func failure(of start: [UInt8]) -> [UInt8] {
        guard let event = EventLine(start.span) else { return [] }
        stamp.advance(to: now, slot: 0)
        var line = OutputBuffer(capacity: start.count + EventLimits.tailBytesMax)
        line.append("{\"id\":\"")
        let id = stamp.id.span
        if event.id.count == id.count {
            line.append(id.extracting(0..<id.count - EventStamp.pairBytes))
            let pair = event.id.upperBound - EventStamp.pairBytes..<event.id.upperBound
            line.append(start.span.extracting(pair))
        } else {
            line.append(id)
        }
        let family = event.type.lowerBound..<event.type.upperBound - OpenEvents.startSuffixBytes
        line.append("\",\"type\":\"")
        line.append(start.span.extracting(family))
        line.append("_FAIL")
        append("category", event.category, of: start, to: &line)
        line.append("\",\"version\":\"1\",\"timestamp\":\"")
        line.append(stamp.timestamp.span)
        append("tenantId", event.tenant, of: start, to: &line)
        append("requestId", event.request, of: start, to: &line)
        append("requestIp", event.requestIP, of: start, to: &line)
        append("clientId", event.client, of: start, to: &line)
        line.append("\",\"data\":{")
        if event.details.count > 2 {
            let inside = event.details.lowerBound + 1..<event.details.upperBound - 1
            line.append(start.span.extracting(inside))
            line.append(",")
        }
        line.append("\"error\":{\"type\":\"gateway-restart\",")
        line.append("\"message\":\"the gateway ended before the request did\"}}}\n")
        return line.overflowed ? [] : line.span.copied
    }

    private func append(
        _ name: StaticString,
        _ value: Range<Int>,
        of start: [UInt8],
        to line: inout OutputBuffer
    ) {
        guard !value.isEmpty else { return }
        line.append("\",\"")
        line.append(name)
        line.append("\":\"")
        line.append(start.span.extracting(value))
    }
}

/// Which STARTs of a loop have no outcome yet, while its events are read in order.
struct OpenEvents {
    static let startSuffixBytes = 6

    private var starts: [[UInt8]: [(order: Int, line: [UInt8])]] = [:]
    private var count = 0

    /// The lines of the STARTs without an outcome, oldest first.
    var unfinished: [[UInt8]] {
        starts.values.joined().sorted { $0.order < $1.order }.map(\.line)
    }

    /// Takes the next event in; those that are neither START nor outcome do not matter.
    mutating func take(_ line: [UInt8]) {
        guard let event = EventLine(line.span) else { return }
        if line.span.ends(with: "_START", in: event.type) {
            count += 1
            starts[key(line, event, suffixBytes: 6), default: []].append((count, line))
            return
        }
        let suffixBytes: Int
        if line.span.ends(with: "_SUCCESS", in: event.type) {
            suffixBytes = 8
        } else if line.span.ends(with: "_FAIL", in: event.type) {
            suffixBytes = 5
        } else {
            return
        }
        let key = key(line, event, suffixBytes: suffixBytes)
        guard var waiting = starts[key] else { return }
        waiting.removeFirst()
        starts[key] = waiting.isEmpty ? nil : waiting
    }

    /// What START and outcome of one request share: family, tenant, request, and the place of the
    /// request within its writer, which tells apart requests of one `requestId`.
    private func key(_ line: [UInt8], _ event: EventLine, suffixBytes: Int) -> [UInt8] {
        var key = Array(line[event.type.lowerBound..<event.type.upperBound - suffixBytes])
        for part in [event.tenant, event.request, event.id.suffix(EventStamp.pairBytes)] {
            key.append(0)
            key += line[part]
        }
        return key
    }
}
