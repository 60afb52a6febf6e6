import Testing

@testable import Gateway

@Suite("Segment indexes")
struct SegmentIndexTests {
    private func scene() throws -> (scene: JournalScene, name: SegmentName, lines: [[UInt8]]) {
        let scene = JournalScene()
        var random = RandomEvents(seed: 3)
        try random.fill(scene, requests: 200, loops: 1)
        let folder = SegmentFolder(path: scene.path)
        let entry = try #require(try folder.entries().first)
        var lines: [[UInt8]] = []
        var reader = ForwardReader(try DiskFile(reading: folder.path(of: entry)))
        while try reader.readPiece({ lines.append($0.copied) }) {}
        return (scene, entry.name, lines)
    }

    @Test func `it knows every value of its segment, and hardly any other`() throws {
        let (scene, name, lines) = try scene()
        guard let index = SegmentIndex(of: name, in: SegmentFolder(path: scene.path)) else {
            Issue.record("there is no index")
            return
        }
        let (isWhole, head) = (index.isWhole, index.head)
        #expect(isWhole)
        #expect(head.events == lines.count)
        for line in lines {
            guard let event = EventLine(line.span) else { continue }
            let values: [(Range<Int>, KeyFilter.Member)] = [
                (event.request, .request), (event.tenant, .tenant), (event.type, .type),
                (event.category, .category), (event.client, .client),
            ]
            for (range, member) in values {
                let mayHold = index.mayHold(line.span.extracting(range), member)
                #expect(mayHold)
            }
            let key = EventKey(event, in: line.span)
            #expect(key.time >= head.timeFrom && key.time <= head.timeTo)
            #expect(key.id >= head.idFrom && key.id <= head.idTo)
        }
        var wrong = 0
        for number in 0..<10_000 {
            let value = Array("x-\(number)".utf8)
            if index.mayHold(value.span, .request) { wrong += 1 }
        }
        #expect(wrong < 50)
    }

    @Test func `a filter knows what was put in, whatever its size`() {
        for count in [0, 1, 2, 1_000, 30_000] {
            let hashes = (0..<count).map { number -> UInt64 in
                let value = Array("\(number)".utf8)
                return KeyFilter.hash(value.span, .request)
            }
            let bytes = KeyFilter.bytes(of: hashes)
            let blocks = bytes.count / KeyFilter.blockBytes
            for hash in hashes {
                let number = KeyFilter.block(of: hash, blockCount: blocks)
                let start = number * KeyFilter.blockBytes
                let block = bytes.span.extracting(start..<start + KeyFilter.blockBytes)
                let mayHold = KeyFilter.mayHold(hash, block: block)
                #expect(mayHold)
            }
        }
    }

    @Test func `the table comes back as it was written`() throws {
        let (scene, name, lines) = try scene()
        var table = EventTable()
        for line in lines {
            if let event = EventLine(line.span) { table.take(event, in: line.span) }
        }
        let index = SegmentIndex(of: name, in: SegmentFolder(path: scene.path))
        let read = index?.table
        #expect(read?.rows == table.rows)
        #expect(EventTable(Array(table.bytes.dropLast())) == nil)
        #expect(EventTable(table.bytes + [0]) == nil)
    }

    @Test func `damage anywhere is noticed, and mended`() throws {
        let (scene, name, _) = try scene()
        let folder = SegmentFolder(path: scene.path)
        let path = folder.indexPath(of: name)
        let good = try #require(try contents(path))
        let keeper = try IndexKeeper(folder: folder)
        for offset in stride(from: 0, to: good.count, by: 499) {
            let file = try DiskFile(changing: path)
            try file.write([good[offset] ^ 0x10], at: offset)
            #expect(!isWhole(name, folder), "\(offset)")
            keeper.mend(name)
            #expect(try contents(path) == good, "\(offset)")
        }
        for length in [0, 1, 127, 128, good.count - 1] {
            try DiskFile(changing: path).truncate(to: length)
            #expect(!isWhole(name, folder), "\(length)")
            keeper.mend(name)
            #expect(try contents(path) == good, "\(length)")
        }
    }

    @Test func `the index of another segment is none`() throws {
        let (scene, name, _) = try scene()
        let folder = SegmentFolder(path: scene.path)
        let other = SegmentName(milliseconds: name.milliseconds, loop: 7, number: 1)
        try FileSystem.rename(folder.indexPath(of: name), to: folder.indexPath(of: other))
        let segment = folder.path(of: .init(name: name, isSealed: true))
        try FileSystem.rename(segment, to: folder.path(of: .init(name: other, isSealed: true)))
        #expect(!isWhole(other, folder))
    }

    private func isWhole(_ name: SegmentName, _ folder: SegmentFolder) -> Bool {
        SegmentIndex(of: name, in: folder)?.isWhole ?? false
    }

    private func contents(_ path: String) throws -> [UInt8]? {
        let file = try DiskFile(reading: path)
        var bytes = [UInt8](repeating: 0, count: file.byteCount)
        return try file.read(into: &bytes, at: 0) == bytes.count ? bytes : nil
    }

    @Test func `a journal makes indexes of what it seals, and removes them with it`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        for number in 0..<400 { writer.succeed(try writer.start("r-\(number)")) }
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
        // What is sealed at the stop is taken care of by the next start.
        let next = try scene.open()
        #expect(
            try holdsSoon {
                try scene.files(endingWith: ".index").count
                    == scene.files(endingWith: ".jsonl").count - 1
            }
        )
        next.removeExpired(atSeconds: Clock.unixSeconds() + 40 * 86_400)
        #expect(try scene.files(endingWith: ".index").isEmpty)
        next.close()
    }

    private func holdsSoon(_ condition: () throws -> Bool) throws -> Bool {
        let alarm = try WakeUp()
        // The thread runs when nothing else does.
        let deadline = Clock.monotonicMilliseconds() + 120_000
        while Clock.monotonicMilliseconds() < deadline {
            if try condition() { return true }
            alarm.wait(milliseconds: 10)
        }
        return false
    }
}
