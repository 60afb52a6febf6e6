/// Reads the events of a journal oldest first, and goes on where it stopped when there are more.
final class EventFollower {
    private let folder: SegmentFolder
    private let wanted: Wanted
    private var streams: [OldestFirstStream] = []

    /// - Parameters:
    ///   - path: The journal's folder.
    ///   - filter: Which events are wanted.
    /// - Throws: Why the folder cannot be read.
    init(path: String, filter: EventListing.Filter) throws(Errno) {
        folder = SegmentFolder(path: path)
        wanted = Wanted(filter)
        try refresh()
    }

    /// Looks for segments that have been made since.
    func refresh() throws(Errno) {
        for entry in try folder.entries() {
            if entry.isSealed, let since = wanted.sinceMilliseconds,
                let status = FileSystem.status(of: folder.path(of: entry)),
                status.changedSeconds < since / 1_000 - 1
            {
                continue
            }
            if let stream = streams.first(where: { $0.loop == entry.name.loop }) {
                stream.add(entry)
            } else {
                let stream = OldestFirstStream(wanted, folder, loop: entry.name.loop)
                stream.add(entry)
                streams.append(stream)
            }
        }
        for stream in streams { try stream.load() }
    }

    /// The next event that is wanted; `nil` when there is none yet.
    func next() throws(Errno) -> [UInt8]? {
        while true {
            var oldest: OldestFirstStream?
            for stream in streams {
                guard let head = stream.head else { continue }
                if let other = oldest?.head, other.key < head.key { continue }
                oldest = stream
            }
            guard let oldest, let head = oldest.head else { return nil }
            try oldest.advance()
            if wanted.matches(head) { return head.line }
        }
    }
}

extension EventFollower {
    fileprivate struct Head {
        var key: EventKey
        var event: EventLine
        var line: [UInt8]
    }

    /// A filter in the bytes that events hold.
    fileprivate struct Wanted {
        let sinceMilliseconds: Int64?
        private let tenant: [UInt8]?
        private let client: [UInt8]?
        private let request: [UInt8]?
        private let types: [[UInt8]]
        private let timeFrom: Int64
        private let timeTo: Int64

        init(_ filter: EventListing.Filter) {
            sinceMilliseconds = filter.sinceMilliseconds
            tenant = filter.tenant.map { JSONEscape.escaped(Array($0.utf8)) }
            client = filter.client.map { JSONEscape.escaped(Array($0.utf8)) }
            request = filter.request.map { JSONEscape.escaped(Array($0.utf8)) }
            types =
                filter.type.map { type in
                    ["", "_START", "_SUCCESS", "_FAIL"].map {
                        JSONEscape.escaped(Array((type + $0).utf8))
                    }
                } ?? []
            timeFrom = filter.sinceMilliseconds.map { EventKey.time(milliseconds: $0) } ?? .min
            timeTo = filter.untilMilliseconds.map { EventKey.time(milliseconds: $0) } ?? .max
        }

        /// Whether a segment with this index may have events that are wanted.
        func mayHaveEvents(in index: borrowing SegmentIndex) -> Bool {
            if index.head.timeTo < timeFrom || index.head.timeFrom > timeTo { return false }
            if let tenant, !index.mayHold(tenant.span, .tenant) { return false }
            if let client, !index.mayHold(client.span, .client) { return false }
            if let request, !index.mayHold(request.span, .request) { return false }
            for type in types where index.mayHold(type.span, .type) { return true }
            return types.isEmpty
        }

        func matches(_ head: Head) -> Bool {
            let line = head.line.span
            if head.key.time < timeFrom || head.key.time > timeTo { return false }
            if let tenant, !line.holds(tenant.span, at: head.event.tenant) { return false }
            if let client, !line.holds(client.span, at: head.event.client) { return false }
            if let request, !line.holds(request.span, at: head.event.request) { return false }
            return types.isEmpty || types.contains { line.holds($0.span, at: head.event.type) }
        }
    }
}

/// The events of one loop, oldest first.
private final class OldestFirstStream {
    let loop: Int

    /// The event that comes next; `nil` when there is none yet.
    private(set) var head: EventFollower.Head?

    private let wanted: EventFollower.Wanted
    private let folder: SegmentFolder

    /// Segments not begun yet, oldest first.
    private var entries: [SegmentFolder.Entry] = []
    private var known: Set<SegmentName> = []
    private var file: DiskFile?

    /// Whether nothing more is written to the file.
    private var isComplete = false
    private var buffer: [UInt8] = []

    /// Where in the buffer the next line begins, and where in the file the buffer ends.
    private var start = 0
    private var offset = 0

    private static let pieceBytes = 131_072

    init(_ wanted: EventFollower.Wanted, _ folder: SegmentFolder, loop: Int) {
        self.wanted = wanted
        self.folder = folder
        self.loop = loop
    }

    /// Adds a segment, unless it is known; segments come in their order.
    func add(_ entry: SegmentFolder.Entry) {
        if known.insert(entry.name).inserted { entries.append(entry) }
    }

    /// Moves on to the next event.
    func advance() throws(Errno) {
        head = nil
        try load()
    }

    /// Makes `head` the next event, if it is not there yet.
    func load() throws(Errno) {
        while head == nil {
            if takeLine() { continue }
            if try fill() { continue }
            guard let next = entries.first, try isFollowed(by: next.name) else { return }
            // What was written before the next segment was begun.
            if !isComplete {
                isComplete = true
                continue
            }
            entries.removeFirst()
            file = try isOfNoUse(next) ? nil : folder.open(next.name)
            isComplete = false
            offset = 0
            buffer = []
            start = 0
        }
    }

    /// Whether the index of a sealed segment says that it has no event that is wanted.
    private func isOfNoUse(_ entry: SegmentFolder.Entry) -> Bool {
        guard entry.isSealed, let index = SegmentIndex(of: entry.name, in: folder) else {
            return false
        }
        return !wanted.mayHaveEvents(in: index)
    }

    /// Takes a whole line out of the buffer; `false` when there is none.
    private func takeLine() -> Bool {
        guard start < buffer.count, buffer[start] != 0,
            let end = buffer.span.firstIndex(of: 0x0A, from: start)
        else { return false }
        let line = Array(buffer[start..<end])
        start = end + 1
        if let event = EventLine(line.span) {
            head = EventFollower.Head(
                key: EventKey(event, in: line.span),
                event: event,
                line: line
            )
        }
        return true
    }

    /// Reads on from the first line that is not whole yet; `false` when there is nothing new.
    private func fill() throws(Errno) -> Bool {
        guard file != nil else { return false }
        let from = offset - (buffer.count - start)
        let lines = try file?.wholeLines(
            from: from,
            bytesMax: Self.pieceBytes,
            isComplete: isComplete
        )
        guard let lines, !lines.isEmpty else { return false }
        buffer = lines
        start = 0
        offset = from + buffer.count
        return true
    }

    /// Whether the segment `next` has been begun, so that the present one is complete.
    private func isFollowed(by next: SegmentName) throws(Errno) -> Bool {
        if file == nil { return true }
        guard let following = try folder.open(next) else { return true }
        var first: [UInt8] = [0]
        return try following.read(into: &first, at: 0) == 1 && first[0] != 0
    }
}
