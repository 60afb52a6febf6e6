/// Makes the index of a sealed segment from its lines.
struct SegmentIndexBuilder {
    private var head: SegmentIndex.Head
    private var hashes: [UInt64] = []
    private var table = EventTable()

    init(of name: SegmentName) { head = SegmentIndex.Head(name: name) }

    /// Reads the segment and writes its index; what is no event in it does not count.
    ///
    /// - Parameters:
    ///   - name: A sealed segment.
    ///   - folder: Where it is.
    ///   - goesOn: Asked now and then; nothing is written once it says no.
    /// - Throws: Why the segment cannot be read or the index not be written.
    static func write(
        _ name: SegmentName,
        in folder: SegmentFolder,
        while goesOn: () -> Bool = { true }
    ) throws(Errno) {
        let file = try DiskFile(reading: folder.path + "/" + name.sealed)
        let segmentBytes = file.byteCount
        var builder = SegmentIndexBuilder(of: name)
        var reader = ForwardReader(file)
        while try reader.readPiece({ builder.take($0) }) {
            guard goesOn() else { return }
        }
        let index = try DiskFile(changing: folder.indexPath(of: name))
        let bytes = builder.bytes(segmentBytes: segmentBytes)
        try index.truncate(to: bytes.count)
        try index.write(bytes, at: 0)
    }

    /// Takes a line in.
    mutating func take(_ line: Span<UInt8>) {
        guard let event = EventLine(line) else { return }
        let key = EventKey(event, in: line)
        head.events += 1
        head.timeFrom = min(head.timeFrom, key.time)
        head.timeTo = max(head.timeTo, key.time)
        head.idFrom = min(head.idFrom, key.id)
        head.idTo = max(head.idTo, key.id)
        if !event.request.isEmpty { add(line.extracting(event.request), .request) }
        // Events of one group have the same values.
        guard table.take(event, in: line) else { return }
        add(line.extracting(event.tenant), .tenant)
        add(line.extracting(event.type), .type)
        add(line.extracting(event.category), .category)
        add(line.extracting(event.client), .client)
    }

    /// The whole index.
    private mutating func bytes(segmentBytes: Int) -> [UInt8] {
        let filter = KeyFilter.bytes(of: hashes)
        let rows = table.rest == nil ? table.bytes : []
        head.segmentBytes = segmentBytes
        head.blocks = filter.count / KeyFilter.blockBytes
        if rows.count <= EventTable.bytesMax {
            head.tableBytes = rows.count
            head.tableSum = StableHash.of(rows.span, seed: 0)
        }
        return head.bytes + filter + rows.prefix(head.tableBytes)
    }

    private mutating func add(_ value: Span<UInt8>, _ member: KeyFilter.Member) {
        hashes.append(KeyFilter.hash(value, member))
    }
}
