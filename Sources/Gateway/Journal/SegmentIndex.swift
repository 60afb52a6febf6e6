/// What is known of a sealed segment without reading it: times, values that occur, a table of counts.
///
/// It is made from the segment alone and stands beside it, in `segment-....index`. One that is
/// missing, old or damaged makes a query slower, never wrong: every part has a check sum.
struct SegmentIndex: ~Copyable {
    /// Names the format; another program version that writes another one changes it.
    static let magic: UInt64 = 0x3130_5844_494E_5450

    static let headBytes = 128

    let head: Head
    private let file: DiskFile

    /// The facts at the beginning of the file.
    struct Head: Equatable, Sendable {
        var name: SegmentName
        var segmentBytes = 0
        var events = 0

        /// The earliest and the latest time, as digits.
        var timeFrom = Int64.max
        var timeTo = Int64.min

        var idFrom = UInt128.max
        var idTo = UInt128.min
        var blocks = 0

        /// The length of the table; 0 when there were too many groups for one.
        var tableBytes = 0
        var tableSum: UInt64 = 0

        init(name: SegmentName) { self.name = name }
    }

    /// Opens the index of a sealed segment; `nil` when there is none that belongs to it.
    init?(of name: SegmentName, in folder: SegmentFolder) {
        guard let status = FileSystem.status(of: folder.path + "/" + name.sealed) else {
            return nil
        }
        do throws(Errno) {
            let file = try DiskFile(reading: folder.indexPath(of: name))
            var bytes = [UInt8](repeating: 0, count: Self.headBytes)
            guard file.isRegular, try file.read(into: &bytes, at: 0) == Self.headBytes,
                let head = Head(bytes), head.name == name, head.segmentBytes == status.byteCount
            else { return nil }
            self.head = head
            self.file = file
        } catch {
            return nil
        }
    }

    /// Whether an event with this value of a member may be in the segment.
    func mayHold(_ value: Span<UInt8>, _ member: KeyFilter.Member) -> Bool {
        let hash = KeyFilter.hash(value, member)
        let number = KeyFilter.block(of: hash, blockCount: head.blocks)
        guard let block = block(number) else { return true }
        return KeyFilter.mayHold(hash, block: block.span)
    }

    /// The events of the segment by group; `nil` when there were too many groups, or it is damaged.
    var table: EventTable? {
        guard head.tableBytes > 0, let bytes = part(head.tableBytes, at: tableStart),
            StableHash.of(bytes.span, seed: 0) == head.tableSum
        else { return nil }
        return EventTable(bytes)
    }

    /// Whether no part of it is damaged.
    var isWhole: Bool {
        for number in 0..<head.blocks where block(number) == nil { return false }
        return head.tableBytes == 0 || table != nil
    }

    private var tableStart: Int { Self.headBytes + head.blocks * KeyFilter.blockBytes }

    private func block(_ number: Int) -> [UInt8]? {
        let start = Self.headBytes + number * KeyFilter.blockBytes
        guard let bytes = part(KeyFilter.blockBytes, at: start),
            KeyFilter.isWhole(bytes.span, number: number)
        else { return nil }
        return bytes
    }

    private func part(_ count: Int, at start: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        do throws(Errno) {
            return try file.read(into: &bytes, at: start) == count ? bytes : nil
        } catch {
            // An index that cannot be read is as good as none.
            return nil
        }
    }
}

extension SegmentIndex.Head {
    /// The head as the file holds it, with its check sum.
    var bytes: [UInt8] {
        var output = LittleEndianWriter()
        output.put(SegmentIndex.magic)
        for number in [
            name.milliseconds, Int64(name.loop), Int64(name.number), Int64(segmentBytes),
            Int64(events), timeFrom, timeTo,
        ] { output.put(UInt64(bitPattern: number)) }
        output.put(idFrom)
        output.put(idTo)
        output.put(UInt64(blocks))
        output.put(UInt32(tableBytes))
        output.put(UInt32(0))
        output.put(tableSum)
        output.put(StableHash.of(output.bytes.span, seed: 0))
        return output.bytes
    }

    /// Reads what `bytes` gave; `nil` when it is none.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == SegmentIndex.headBytes else { return nil }
        var input = LittleEndianReader(bytes)
        guard input.take(UInt64.self) == SegmentIndex.magic, let milliseconds = input.count(),
            let loop = input.count(), let number = input.count(), let segmentBytes = input.count(),
            let events = input.count(), let timeFrom = input.take(UInt64.self),
            let timeTo = input.take(UInt64.self), let idFrom = input.take(UInt128.self),
            let idTo = input.take(UInt128.self), let blocks = input.count(),
            let tableBytes = input.take(UInt32.self), input.take(UInt32.self) != nil,
            let tableSum = input.take(UInt64.self)
        else { return nil }
        let sum = StableHash.of(bytes.span.extracting(0..<SegmentIndex.headBytes - 8), seed: 0)
        guard input.take(UInt64.self) == sum, (1...KeyFilter.blocksMax).contains(blocks),
            tableBytes <= EventTable.bytesMax
        else { return nil }
        name = SegmentName(milliseconds: Int64(milliseconds), loop: loop, number: number)
        self.segmentBytes = segmentBytes
        self.events = events
        self.timeFrom = Int64(bitPattern: timeFrom)
        self.timeTo = Int64(bitPattern: timeTo)
        self.idFrom = idFrom
        self.idTo = idTo
        self.blocks = blocks
        self.tableBytes = Int(tableBytes)
        self.tableSum = tableSum
    }
}
