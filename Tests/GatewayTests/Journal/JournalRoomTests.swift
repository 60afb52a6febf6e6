import FoundationEssentials
import Synchronization
import Testing

@testable import Gateway

@Suite("Journal room")
struct JournalRoomTests {
    @Test func `every START has exactly one outcome through many segments`() throws {
        let scene = JournalScene()
        let journal = try scene.open(loops: 2)
        for loop in 0..<2 {
            var writer = journal.makeWriter(loop: loop)
            var early = OpenReceipts()
            for number in 0..<1_000 {
                let receipt = try writer.start("\(loop)-\(number)")
                if number % 97 == 0 { early.put(receipt) } else { writer.succeed(receipt) }
                // Some stay open over several segments.
                if number % 400 == 399, let old = early.take() { writer.succeed(old) }
            }
            while let old = early.take() { writer.succeed(old) }
            #expect(writer.openStarts == 0)
            writer.close(atMilliseconds: JournalScene.time)
        }
        journal.close()
        try expectOutcomes(of: scene, starts: 2_000)
        #expect(try scene.files(endingWith: ".active").isEmpty)
        #expect(try scene.files(endingWith: ".jsonl").count > 10)
    }

    @Test func `outcomes are written when the disk is full, and STARTs again when it is not`()
        throws
    {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        var open = OpenReceipts()
        scene.isDiskFull.store(true, ordering: .relaxed)
        var started = 0
        var failure: JournalUnavailable?
        while failure == nil, started < 10_000 {
            do throws(JournalUnavailable) {
                open.put(try writer.start("r-\(started)"))
                started += 1
            } catch {
                failure = error
            }
        }
        // The segment made ahead before the disk was full may be used up as well.
        #expect(failure == .noSegment || failure == .tooManyOpen)
        #expect(started > 50)
        #expect(throws: JournalUnavailable.self) { _ = try writer.start("refused") }
        while let receipt = open.take() { writer.succeed(receipt) }
        try expectOutcomes(of: scene, starts: started)

        scene.isDiskFull.store(false, ordering: .relaxed)
        // The next try is due within a second of the failure.
        for number in 0..<200 {
            writer.succeed(try writer.start("later-\(number)", at: JournalScene.time + 1_000))
        }
        writer.close(atMilliseconds: JournalScene.time + 1_000)
        journal.close()
        try expectOutcomes(of: scene, starts: started + 200)
    }

    @Test func `on a full disk an outcome is written without what was captured`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        let captured = ",\"a\":\"" + String(repeating: "x", count: 4_000) + "\""
        var open = OpenReceipts()
        scene.isDiskFull.store(true, ordering: .relaxed)
        var started = 0
        while started < 10_000, let receipt = try? writer.start("r-\(started)", captured: captured)
        {
            open.put(receipt)
            started += 1
        }
        #expect(started > 10)
        // What is left is less than one event needs with what is captured.
        for _ in 0..<started {
            if let receipt = open.take() { writer.succeed(receipt, captured: captured) }
        }
        try expectOutcomes(of: scene, starts: started)
        let outcomes = try scene.events().filter { $0.contains("_SUCCESS") }
        #expect(outcomes.contains { !$0.contains("xxxx") })
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
    }

    @Test func `a loop tries to make a segment at most once a second`() throws {
        let scene = JournalScene()
        scene.isDiskFull.store(true, ordering: .relaxed)
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        #expect(throws: JournalUnavailable.noSegment) { _ = try writer.start("r-1") }
        #expect(!journal.isAvailable)
        #expect(journal.statistics.lastError != nil)
        #expect(journal.statistics.failures == 1)
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
    }

    @Test func `with durability power one wait for the disk serves all that was written`() throws {
        let scene = JournalScene()
        let journal = try scene.openDurable()
        var writer = journal.makeWriter(loop: 0)
        for number in 0..<3 { writer.succeed(try writer.start("r-\(number)")) }
        #expect(scene.waits.load(ordering: .relaxed) == 0)
        let isOnDisk = writer.commit(atMilliseconds: JournalScene.time)
        #expect(isOnDisk)
        let isStillOnDisk = writer.commit(atMilliseconds: JournalScene.time)
        #expect(isStillOnDisk)
        #expect(scene.waits.load(ordering: .relaxed) == 1)
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
        try expectOutcomes(of: scene, starts: 3)
    }

    @Test func `what the disk did not take is said once, and the next segment is begun`() throws {
        let scene = JournalScene()
        let journal = try scene.openDurable()
        var writer = journal.makeWriter(loop: 0)
        let receipt = try writer.start("r-1")
        scene.isDiskBroken.store(true, ordering: .relaxed)
        let isOnDisk = writer.commit(atMilliseconds: JournalScene.time)
        #expect(!isOnDisk)
        #expect(journal.statistics.failures == 1)
        scene.isDiskBroken.store(false, ordering: .relaxed)
        writer.succeed(receipt)
        let isNextOnDisk = writer.commit(atMilliseconds: JournalScene.time)
        #expect(isNextOnDisk)
        #expect(try scene.files().filter { $0.hasPrefix("segment-") }.count >= 2)
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
        try expectOutcomes(of: scene, starts: 1)
    }

    @Test func `a segment is on the disk before the next is begun, or the turn's STARTs are not`()
        throws
    {
        let scene = JournalScene()
        let journal = try scene.openDurable()
        var writer = journal.makeWriter(loop: 0)
        scene.isDiskBroken.store(true, ordering: .relaxed)
        for number in 0..<200 { writer.succeed(try writer.start("r-\(number)")) }
        #expect(scene.waits.load(ordering: .relaxed) >= 1, "no segment was full")
        scene.isDiskBroken.store(false, ordering: .relaxed)
        let isOnDisk = writer.commit(atMilliseconds: JournalScene.time)
        #expect(!isOnDisk)
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
        try expectOutcomes(of: scene, starts: 200)
    }

    @Test func `closing a writer gives open requests their FAIL`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        let receipt = try writer.start("r-1")
        writer.close(atMilliseconds: JournalScene.time)
        writer.succeed(receipt)
        journal.close()
        let events = try scene.events()
        #expect(events.count == 2)
        #expect(events.last?.contains(#""error":{"type":"gateway-stopped""#) == true)
    }

    @Test func `a sealed segment ends with its last event and has a seal`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        for number in 0..<500 { writer.succeed(try writer.start("r-\(number)")) }
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
        let segments = try scene.files(endingWith: ".jsonl").filter { $0.hasPrefix("segment") }
        #expect(segments.count > 3)
        let seals = try String(contentsOfFile: scene.path + "/seals.jsonl", encoding: .utf8)
            .split(separator: "\n").map(String.init)
        #expect(seals.compactMap { member("segment", of: $0) }.sorted() == segments)
        var previous = String(repeating: "0", count: 64)
        for seal in seals {
            let segment = try #require(member("segment", of: seal))
            let bytes = try Array(Data(contentsOf: URL(filePath: scene.path + "/" + segment)))
            #expect(bytes.last == 0x0A && !bytes.contains(0))
            let sha = hexadecimal(bytes)
            #expect(member("sha256", of: seal) == sha)
            #expect(member("previous", of: seal) == previous)
            previous = hexadecimal(Array("\(previous)\n\(sha)\n\(segment)\n".utf8))
            #expect(member("seal", of: seal) == previous)
        }
    }

    @Test func `a second process cannot open the folder`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        #expect(throws: JournalFailure.locked(path: scene.path)) { _ = try scene.open() }
        journal.close()
    }

    @Test func `numbers go on after a restart`() throws {
        let scene = JournalScene()
        for round in 0..<3 {
            let journal = try scene.open()
            var writer = journal.makeWriter(loop: 0)
            writer.succeed(try writer.start("r-\(round)"))
            writer.close(atMilliseconds: JournalScene.time)
            journal.close()
        }
        let numbers = try scene.files(endingWith: ".jsonl").compactMap(SegmentName.init(fileName:))
            .map(\.number)
        #expect(numbers.count == 3)
        #expect(Set(numbers).count == 3)
        #expect(try scene.events().compactMap { member("requestId", of: $0) }.last == "r-2")
    }

    private func expectOutcomes(of scene: JournalScene, starts: Int) throws {
        var kinds: [String: [String]] = [:]
        for event in try scene.events() {
            let request = try #require(member("requestId", of: event))
            let type = try #require(member("type", of: event))
            kinds[request, default: []].append(type)
        }
        #expect(kinds.count == starts)
        #expect(kinds.values.allSatisfy { $0 == ["OPENID_TOKEN_START", "OPENID_TOKEN_SUCCESS"] })
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        let digest = RunningSHA256()
        digest.update(bytes.span)
        return digest.finish().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// Receipts that are kept open; arrays cannot hold what cannot be copied.
struct OpenReceipts: ~Copyable {
    private var slots = Slab<StartReceipt>(capacity: 20_000)
    private var keys: [Slab<StartReceipt>.Key] = []

    mutating func put(_ receipt: consuming StartReceipt) {
        if let key = slots.insert(receipt) { keys.append(key) }
    }

    /// The newest.
    mutating func take() -> StartReceipt? {
        guard let key = keys.popLast() else { return nil }
        return slots.remove(key)
    }
}
