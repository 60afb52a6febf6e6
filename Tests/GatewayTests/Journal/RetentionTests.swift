import FoundationEssentials
import Testing

@testable import Gateway

@Suite("Retention")
struct RetentionTests {
    private func item(
        _ number: Int,
        bytes: Int = 100,
        changed: Int64,
        isSealed: Bool = true
    ) -> Retention.Item {
        let name = SegmentName(milliseconds: changed * 1_000, loop: number % 2, number: number)
        return Retention.Item(
            entry: .init(name: name, isSealed: isSealed),
            byteCount: bytes,
            changedSeconds: changed
        )
    }

    @Test func `segments beyond their age go, and no others`() {
        let items = [item(1, changed: 100), item(2, changed: 200), item(3, changed: 201)]
        let retention = Retention(keepSeconds: 800, limitBytes: 1_000_000)
        #expect(retention.expired(items, atSeconds: 1_001).map(\.entry.name.number) == [1, 2])
    }

    @Test func `the oldest go first until the rest is within the limit`() {
        let items = [item(3, changed: 300), item(1, changed: 100), item(2, changed: 200)]
        let retention = Retention(keepSeconds: 10_000, limitBytes: 150)
        #expect(retention.expired(items, atSeconds: 1_000).map(\.entry.name.number) == [1, 2])
        #expect(Retention(keepSeconds: 10_000, limitBytes: 300).expired(items, atSeconds: 0) == [])
    }

    @Test func `a segment that is written to counts and stays`() {
        let items = [item(1, bytes: 400, changed: 100, isSealed: false), item(2, changed: 200)]
        let retention = Retention(keepSeconds: 10, limitBytes: 300)
        #expect(retention.expired(items, atSeconds: 10_000).map(\.entry.name.number) == [2])
    }

    @Test func `a journal stays within its limit`() throws {
        let scene = JournalScene()
        var settings = scene.settings()
        settings.limitBytes = 300_000
        let journal = try Journal(settings, atMilliseconds: JournalScene.time)
        var writer = journal.makeWriter(loop: 0)
        for number in 0..<2_000 { writer.succeed(try writer.start("r-\(number)")) }
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
        let later = try Journal(settings, atMilliseconds: JournalScene.time)
        later.removeExpired(atSeconds: JournalScene.time / 1_000)
        let files = try scene.files().filter { $0.hasPrefix("segment") }
        let bytes = files.compactMap { FileSystem.status(of: scene.path + "/" + $0)?.byteCount }
        #expect(bytes.reduce(0, +) <= 300_000)
        #expect(files.count >= 3)
        #expect(try scene.events().compactMap { member("requestId", of: $0) }.last == "r-1999")
        later.close()
    }

    @Test func `an old segment is sealed although it is not full`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        writer.succeed(try writer.start("r-1"))
        writer.tick(atMilliseconds: JournalScene.time + 3_599_999)
        writer.succeed(try writer.start("r-2"))
        writer.tick(atMilliseconds: JournalScene.time + 3_600_000)
        let third = try writer.start("r-3")
        writer.close(atMilliseconds: JournalScene.time)
        _ = consume third
        journal.close()
        let sealed = try scene.files(endingWith: ".jsonl").filter { $0 != "seals.jsonl" }
        #expect(sealed.count == 2)
    }
}
