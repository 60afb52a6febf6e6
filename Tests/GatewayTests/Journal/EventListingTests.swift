import Synchronization
import Testing

@testable import Gateway

@Suite("Event listing")
struct EventListingTests {
    @Test func `events of all loops come oldest first`() throws {
        let scene = JournalScene()
        let journal = try scene.open(loops: 2)
        var first = journal.makeWriter(loop: 0)
        var second = journal.makeWriter(loop: 1)
        for number in 0..<500 {
            let now = JournalScene.time + Int64(number)
            if number % 2 == 0 {
                first.succeed(try first.start("r-\(number)", at: now), at: now)
            } else {
                second.succeed(try second.start("r-\(number)", at: now), at: now)
            }
        }
        let requests = try scene.events().compactMap { member("requestId", of: $0) }
        #expect(requests == (0..<500).flatMap { ["r-\($0)", "r-\($0)"] })
        journal.close()
    }

    @Test func `a filter names a tenant, a type or family, a request and a time`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        writer.succeed(try writer.start("a", of: JournalScene.globex))
        let later = JournalScene.time + 5_000
        writer.succeed(try writer.start("b", at: later), at: later)
        func count(_ change: (inout EventListing.Filter) -> Void) throws -> Int {
            var filter = EventListing.Filter()
            change(&filter)
            return try scene.events(filter).count
        }
        #expect(try count { $0.tenant = "globex" } == 2)
        #expect(try count { $0.tenant = "none" } == 0)
        #expect(try count { $0.type = "OPENID_TOKEN_SUCCESS" } == 2)
        #expect(try count { $0.type = "OPENID_TOKEN" } == 4)
        #expect(try count { $0.type = "OPENID" } == 0)
        #expect(try count { $0.request = "b" } == 2)
        #expect(try count { $0.sinceMilliseconds = later } == 2)
        #expect(try count { $0.sinceMilliseconds = later + 1 } == 0)
        journal.close()
    }

    @Test func `following sees events as they are written, over segments and restarts`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        writer.succeed(try writer.start("r-0"))
        let seen = Mutex<[String]>([])
        let follower = try Thread(name: "follower") { [path = scene.path] in
            try? EventListing.run(
                journalPath: path,
                filter: .init(),
                follows: true,
                emit: { line in
                    let text = String(decoding: line, as: UTF8.self)
                    seen.withLock { $0.append(member("requestId", of: text) ?? "") }
                },
                isStopped: { seen.withLock { $0.last == "end" } }
            )
        }
        for number in 1..<400 { writer.succeed(try writer.start("r-\(number)")) }
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
        let next = try scene.open()
        var nextWriter = next.makeWriter(loop: 0)
        for number in 400..<500 { nextWriter.succeed(try nextWriter.start("r-\(number)")) }
        _ = try nextWriter.start("end")
        follower.join()
        next.close()
        #expect(seen.withLock { $0 } == (0..<500).flatMap { ["r-\($0)", "r-\($0)"] } + ["end"])
    }
}
