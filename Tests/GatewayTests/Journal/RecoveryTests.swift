import FoundationEssentials
import Synchronization
import Testing

@testable import Gateway

@Suite("Recovery")
struct RecoveryTests {
    @Test func `a START without an outcome gets its FAIL at the next start, once`() throws {
        let scene = JournalScene()
        let journal = try scene.open(loops: 2)
        var first = journal.makeWriter(loop: 0)
        var second = journal.makeWriter(loop: 1)
        _ = try first.start("a", of: JournalScene.globex)
        first.succeed(try first.start("b"))
        _ = try second.start("a")
        let left = try scene.copyAsLeftByKill()
        journal.close()

        for round in 0..<3 {
            let later = try left.open(loops: 2)
            #expect(later.recoveredStarts == (round == 0 ? 2 : 0))
            later.close()
        }
        let fails = try left.events().filter { $0.contains("_FAIL") }
        #expect(fails.compactMap { member("tenantId", of: $0) }.sorted() == ["acme", "globex"])
        for fail in fails {
            #expect(member("type", of: fail) == "OPENID_TOKEN_FAIL")
            #expect(member("requestId", of: fail) == "a")
            #expect(member("requestIp", of: fail) == "203.0.113.7")
            #expect(member("clientId", of: fail) == "wallet-backend")
            #expect(
                fail.hasSuffix(
                    #""data":{"route":"token","method":"POST","error":{"type":"gateway-restart","#
                        + #""message":"the gateway ended before the request did"}}}"#
                )
            )
        }
        let starts = try left.events().filter { $0.contains("_START") }
        let pairs = Set(starts.compactMap { member("id", of: $0)?.suffix(17) })
        #expect(fails.allSatisfy { pairs.contains(member("id", of: $0)?.suffix(17) ?? "") })
        #expect(try left.files(endingWith: ".active").isEmpty)
    }

    @Test func `the FAILs of STARTs with details fit into what was kept for them`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        scene.isDiskFull.store(true, ordering: .relaxed)
        let details = ",\"path\":\"/" + String(repeating: "x", count: 2_000) + "\""
        var started = 0
        while started < 1_000 {
            do throws(JournalUnavailable) {
                _ = try writer.start("r-\(started)", details: details)
                started += 1
            } catch { break }
        }
        #expect((8..<1_000).contains(started))
        let left = try scene.copyAsLeftByKill()
        journal.close()
        let later = try left.open()
        #expect(later.recoveredStarts == started)
        later.close()
        let fails = try left.events().filter { $0.contains("OPENID_TOKEN_FAIL") }
        #expect(fails.count == started)
        for file in try left.files(endingWith: ".jsonl") where file.hasPrefix("segment-") {
            #expect(try Data(contentsOf: URL(filePath: left.path + "/" + file)).count <= 65_536)
        }
    }

    @Test func `at level 1 the FAIL of a recovery has its error all the same`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        _ = try writer.start("a", of: JournalScene.silent)
        let left = try scene.copyAsLeftByKill()
        journal.close()
        let later = try left.open()
        later.close()
        let fail = try #require(try left.events().last)
        #expect(fail.contains(#""data":{"error":{"type":"gateway-restart","#))
    }

    @Test func `requests that share an identifier are told apart`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        let first = try writer.start("same")
        let second = try writer.start("same")
        let third = try writer.start("same")
        writer.succeed(second)
        writer.succeed(third)
        let left = try scene.copyAsLeftByKill()
        writer.succeed(first)
        journal.close()
        let later = try left.open()
        #expect(later.recoveredStarts == 1)
        later.close()
        let events = try left.events()
        #expect(
            events.first.map { member("id", of: $0)?.suffix(17) } ?? nil
                == events.last.map { member("id", of: $0)?.suffix(17) } ?? nil
        )
    }

    @Test func `a START whose outcome is in a later segment is not finished again`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        let early = try writer.start("early")
        for number in 0..<300 { writer.succeed(try writer.start("r-\(number)")) }
        writer.succeed(early)
        _ = try writer.start("late")
        let left = try scene.copyAsLeftByKill()
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
        let later = try left.open()
        #expect(later.recoveredStarts == 1)
        later.close()
        let fails = try left.events().filter { $0.contains("_FAIL") }
        #expect(fails.compactMap { member("requestId", of: $0) } == ["late"])
    }

    @Test("a torn last line is cut at every length", arguments: [0, 1, 2, 40, 200, 350])
    func torn(_ length: Int) throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        let receipt = try writer.start("a")
        let left = try scene.copyAsLeftByKill()
        writer.succeed(receipt)
        let name = try #require(
            try scene.files(endingWith: ".active").first {
                try Data(contentsOf: URL(filePath: scene.path + "/" + $0)).first == 0x7B
            }
        )
        // What the process had stored of the outcome when it was killed: not its first byte.
        let whole = try Array(Data(contentsOf: URL(filePath: scene.path + "/" + name)))
        let start = try #require(whole.firstIndex(of: 0x0A)) + 1
        var torn = whole
        torn[start] = 0
        for index in start + 1 + length..<torn.count { torn[index] = 0 }
        try Data(torn).write(to: URL(filePath: left.path + "/" + name))
        journal.close()

        #expect(try left.events().count == 1)
        let later = try left.open()
        #expect(later.recoveredStarts == 1)
        later.close()
        let events = try left.events()
        #expect(
            events.compactMap { member("type", of: $0) } == [
                "OPENID_TOKEN_START", "OPENID_TOKEN_FAIL",
            ]
        )
    }

    @Test func `what a power loss tore in the middle is white space afterwards`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        for number in 0..<20 { writer.succeed(try writer.start("r-\(number)")) }
        let left = try scene.copyAsLeftByKill()
        journal.close()
        let name = try #require(
            try left.files(endingWith: ".active").first {
                try Data(contentsOf: URL(filePath: left.path + "/" + $0)).first == 0x7B
            }
        )
        var bytes = try Array(Data(contentsOf: URL(filePath: left.path + "/" + name)))
        for index in 1_000..<2_500 { bytes[index] = 0 }
        try Data(bytes).write(to: URL(filePath: left.path + "/" + name))
        let later = try left.open()
        later.close()
        let sealed = try #require(
            try left.files(endingWith: ".jsonl").first { $0 != "seals.jsonl" }
        )
        let mended = try Array(Data(contentsOf: URL(filePath: left.path + "/" + sealed)))
        #expect(!mended.contains(0))
        let lines = mended.split(separator: 0x0A).filter { !$0.allSatisfy { $0 == 0x20 } }
        #expect(lines.allSatisfy { EventLine(Array($0).span) != nil })
        #expect(try left.events().count == lines.count)
        #expect(lines.count > 30)
    }

    @Test func `a recovery that was cut short is completed by the next`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        for number in 0..<5 { _ = try writer.start("r-\(number)") }
        let left = try scene.copyAsLeftByKill()
        journal.close()
        let recovered = try left.open()
        recovered.close()
        let sealed = try #require(
            try left.files(endingWith: ".jsonl").first { $0 != "seals.jsonl" }
        )
        let whole = try Array(Data(contentsOf: URL(filePath: left.path + "/" + sealed)))
        let ends = whole.indices.filter { whole[$0] == 0x0A }
        for cut in stride(from: ends[4], to: whole.count, by: 97) {
            let scene = JournalScene()
            try FileManager.default.createDirectory(
                atPath: scene.path,
                withIntermediateDirectories: true
            )
            let name = sealed.replacing(".jsonl", with: ".active")
            try Data(whole[...cut] + [UInt8](repeating: 0, count: 5_000))
                .write(to: URL(filePath: scene.path + "/" + name))
            let later = try scene.open()
            later.close()
            let fails = try scene.events().filter { $0.contains("_FAIL") }
            let requests = fails.compactMap { member("requestId", of: $0) }
            #expect(requests.sorted() == ["r-0", "r-1", "r-2", "r-3", "r-4"], "cut at \(cut)")
        }
    }
}
