import Testing

@testable import Gateway

@Suite("Verification of seals")
struct SealVerificationTests {
    /// A journal of several sealed segments, their names in the order of their seals.
    private func scene() throws -> (scene: JournalScene, names: [String]) {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        for number in 0..<600 { writer.succeed(try writer.start("r-\(number)")) }
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
        // By number: the journal thread and the writer have different clocks here.
        let names = try scene.files(endingWith: ".jsonl").filter { $0.hasPrefix("segment") }
            .sorted { $0.suffix(14) < $1.suffix(14) }
        #expect(names.count > 4)
        return (scene, names)
    }

    private func verify(_ scene: JournalScene) throws -> SealVerification {
        try SealVerification(journalPath: scene.path) { RunningSHA256() }
    }

    private func change(_ path: String, at offset: Int) throws {
        let file = try DiskFile(changing: path)
        var byte: [UInt8] = [0]
        _ = try file.read(into: &byte, at: offset)
        try file.write([byte[0] ^ 1], at: offset)
    }

    @Test func `what was not touched is as it was sealed`() throws {
        let (scene, names) = try scene()
        let found = try verify(scene)
        #expect(found.fault == nil)
        #expect(found.verified == names.count)
        #expect(found.removed == 0 && found.open == 0)
    }

    @Test func `the first altered segment is named`() throws {
        let (scene, names) = try scene()
        try change(scene.path + "/" + names[3], at: 1_000)
        #expect(try verify(scene).fault == .altered(segment: names[3]))
        try change(scene.path + "/" + names[1], at: 0)
        #expect(try verify(scene).fault == .altered(segment: names[1]))
        try DiskFile(changing: scene.path + "/" + names[0]).write([0x20], at: 70_000)
        #expect(try verify(scene).fault == .altered(segment: names[0]))
    }

    @Test func `a segment that is gone is named, unless it had its time`() throws {
        let (scene, names) = try scene()
        try FileSystem.remove(scene.path + "/" + names[2])
        #expect(try verify(scene).fault == .missing(segment: names[2]))
    }

    @Test func `segments removed by age are no fault`() throws {
        let (scene, names) = try scene()
        let journal = try scene.open()
        journal.removeExpired(atSeconds: Clock.unixSeconds() + 40 * 86_400)
        let running = try verify(scene)
        #expect(running.fault == nil)
        #expect(running.removed == names.count && running.verified == 0)
        var writer = journal.makeWriter(loop: 0)
        writer.succeed(try writer.start("later"))
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
        let later = try verify(scene)
        #expect(later.fault == nil)
        #expect(later.verified == 1)
    }

    @Test func `a segment that was put in is named`() throws {
        let (scene, names) = try scene()
        let other = "segment-1795470502123-009-00000001.jsonl"
        try DiskFile(changing: scene.path + "/" + other).write([0x0A], at: 0)
        #expect(try verify(scene).fault == .unsealed(segment: other))
        try change(scene.path + "/" + names[4], at: 5)
        #expect(try verify(scene).fault == .altered(segment: names[4]))
    }

    @Test func `a seal that was changed or taken out breaks the chain`() throws {
        let (scene, names) = try scene()
        let path = scene.path + "/" + SealLog.fileName
        let file = try DiskFile(changing: path)
        var bytes = [UInt8](repeating: 0, count: file.byteCount)
        _ = try file.read(into: &bytes, at: 0)
        let lines = bytes.split(separator: 0x0A).map { Array($0) + [0x0A] }
        var without = lines
        without.remove(at: 2)
        try file.truncate(to: 0)
        try file.write(Array(without.joined()), at: 0)
        #expect(try verify(scene).fault == .brokenChain(segment: names[3], line: 3))
        var changed = lines
        let digit = changed[1].count - 5
        changed[1][digit] = changed[1][digit] == 0x30 ? 0x31 : 0x30
        try file.truncate(to: 0)
        try file.write(Array(changed.joined()), at: 0)
        #expect(try verify(scene).fault == .brokenChain(segment: names[1], line: 2))
        try file.truncate(to: 0)
        try file.write(Array(lines.joined()) + Array("{\"segment\":\"torn".utf8), at: 0)
        #expect(try verify(scene).fault == nil)
    }
}
