import HTTP

/// Events that a receiver will not take, with the reason: one JSON object a line.
///
/// Each is on the disk before the shipper goes on. Who looks after the gateway may move the file
/// away at any time.
struct DeadLetterFile: Sendable {
    let path: String

    /// The most bytes of the file.
    var bytesMax = DeadLetterFile.bytesMaxDefault

    static let bytesMaxDefault = 64 * 1_048_576

    /// How much of the end is looked at for a line that a crash cut off.
    private static let tailBytes = 65_536

    enum Failure: Error, Hashable, Sendable {
        /// There is no room for another line.
        case full
        case file(Errno)
    }

    /// Adds an event, unless it is the last one there already, as after a crash.
    func add(event: ArraySlice<UInt8>, status: Int, at now: Int64) throws(Failure) {
        let tail = Array("\"event\":".utf8) + event + Array("}\n".utf8)
        try add(Self.head(status, "refused", now) + tail, sameIf: tail)
    }

    /// Adds what is known of a batch of which some events were not taken.
    func add(batch: EventBatch, rejected: Int, status: Int, at now: Int64) throws(Failure) {
        let identifiers = batch.identifiers.map { "\"\($0)\"" }.joined(separator: ",")
        let tail = Array("\"rejected\":\(rejected),\"ids\":[\(identifiers)]}\n".utf8)
        try add(Self.head(status, "partial-success", now) + tail, sameIf: tail)
    }

    private static func head(_ status: Int, _ reason: String, _ now: Int64) -> [UInt8] {
        let time = EventTime.text(now)
        let text = String(decoding: time.indices.map { time[$0] }, as: UTF8.self)
        return Array(
            "{\"timestamp\":\"\(text)\",\"status\":\(status),\"reason\":\"\(reason)\",".utf8
        )
    }

    private func add(_ line: [UInt8], sameIf tail: [UInt8]) throws(Failure) {
        let place: Int?
        do throws(Errno) {
            place = try self.place(unless: tail)
        } catch { throw .file(error) }
        guard let place else { return }
        guard place + line.count <= bytesMax else { throw .full }
        do throws(Errno) {
            let file = try DiskFile(changing: path)
            // A line that was cut off is written over.
            try file.truncate(to: place)
            try file.write(line, at: place)
            try file.synchronize()
        } catch { throw .file(error) }
    }

    /// Behind the last whole line; `nil` when that ends with `tail`.
    private func place(unless tail: [UInt8]) throws(Errno) -> Int? {
        let file = try DiskFile(changing: path)
        let size = file.byteCount
        var end = [UInt8](repeating: 0, count: min(size, max(Self.tailBytes, tail.count)))
        _ = try file.read(into: &end, at: size - end.count)
        if end.count >= tail.count, end.suffix(tail.count).elementsEqual(tail) { return nil }
        return size - end.count + (end.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0)
    }
}
