import FoundationEssentials
import Policy
import Testing

@testable import Gateway

@Suite("Places of shippers")
struct ShippingPlaceTests {
    private func course() -> ShippingCourse { ShippingCourseTests.course() }

    private func search(_ scene: JournalScene, events: Int = 7) -> BatchSearch {
        var settings = Configuration.Shipper(
            name: "x",
            position: .init(file: 0, line: 1, column: 1)
        )
        settings.eventsMax = events
        return BatchSearch(folder: SegmentFolder(path: scene.path), settings: settings)
    }

    /// Ships everything there is; gives the ids in their order.
    private func drain(
        _ search: inout BatchSearch,
        _ course: inout ShippingCourse
    ) throws -> [String] {
        var identifiers: [String] = []
        while let batch = try search.next(&course, takesAll: true) {
            identifiers += batch.identifiers
            _ = course.answered(.accepted, to: batch, wanted: nil, chance: 0)
        }
        return identifiers
    }

    private func identifiers(_ scene: JournalScene) throws -> [String] {
        try scene.events().compactMap { member("id", of: $0) }
    }

    @Test func `every event of every loop comes once, over many segments, in order`() throws {
        let scene = JournalScene()
        let journal = try scene.open(loops: 2)
        var first = journal.makeWriter(loop: 0)
        var second = journal.makeWriter(loop: 1)
        var search = search(scene)
        var course = course()
        var found: [String] = []
        for round in 0..<4 {
            for number in 0..<150 {
                first.succeed(try first.start("a-\(round)-\(number)"))
                second.succeed(try second.start("b-\(round)-\(number)"))
            }
            found += try drain(&search, &course)
        }
        let all = try identifiers(scene)
        #expect(all.count == 2_400)
        #expect(found.count == all.count && Set(found) == Set(all))
        // One loop's ids increase.
        #expect(try scene.files(endingWith: ".jsonl").count > 3)
        first.close(atMilliseconds: JournalScene.time)
        second.close(atMilliseconds: JournalScene.time)
        journal.close()
        #expect(try drain(&search, &course).isEmpty)
        let lag = try ShippingLag(
            behind: course.progress.places,
            in: SegmentFolder(path: scene.path),
            at: JournalScene.time
        )
        #expect(lag == ShippingLag())
    }

    @Test func `what was not settled comes again as the same batch, after a restart too`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        for number in 0..<5 { writer.succeed(try writer.start("r-\(number)")) }
        var search = search(scene, events: 100)
        var course = course()
        let batch = try #require(try search.next(&course, takesAll: true))
        #expect(batch.count == 10)
        let folder = ShippingFolder(path: scene.path, name: "x")
        try folder.save(course.progress)
        for number in 5..<9 { writer.succeed(try writer.start("r-\(number)")) }
        var later = ShippingCourse(
            progress: try #require(folder.load()),
            backoff: course.backoff
        )
        var anew = self.search(scene, events: 50)
        let again = try #require(try anew.next(&later, takesAll: true))
        #expect(again.token == batch.token && again.bytes == batch.bytes)
        _ = later.answered(.accepted, to: again, wanted: nil, chance: 0)
        #expect(try drain(&anew, &later).count == 8)
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
    }

    @Test func `a place that no line ends at begins its segment anew`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        for number in 0..<5 { writer.succeed(try writer.start("r-\(number)")) }
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
        let segment = try #require(
            try SegmentFolder(path: scene.path).entries().first { $0.isSealed }
        )
        for offset in [11, 10_000_000] {
            var course = course()
            course.move(to: JournalPlace(segment: segment.name, offset: offset))
            var search = search(scene)
            #expect(try drain(&search, &course) == identifiers(scene))
        }
    }

    @Test func `a segment that was removed meanwhile is passed over`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        for number in 0..<200 { writer.succeed(try writer.start("r-\(number)")) }
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
        var search = search(scene)
        var course = course()
        _ = try search.next(&course, takesAll: true)
        let first = try #require(course.progress.pending?.segment)
        let folder = SegmentFolder(path: scene.path)
        try FileSystem.remove(folder.path(of: .init(name: first, isSealed: true)))
        // What is in memory is sent all the same, the rest of the segment is not there.
        var anew = self.search(scene)
        let left = try identifiers(scene)
        #expect(!left.isEmpty)
        #expect(try drain(&anew, &course) == left)
    }

    @Test func `the number tells what comes later, whatever the clock says`() {
        let old = SegmentName(milliseconds: 1_000, loop: 0, number: 57)
        let place = JournalPlace(segment: old, offset: 10)
        func offset(_ milliseconds: Int64, _ number: Int) -> Int? {
            place.wantedOffset(
                of: SegmentName(milliseconds: milliseconds, loop: 0, number: number)
            )
        }
        #expect(offset(1_000, 57) == 10)
        #expect(offset(2_000, 57) == 0)
        #expect(offset(900, 58) == 0)
        #expect(offset(2_000, 56) == nil)
        let complete = JournalPlace(segment: old, offset: 10, isComplete: true)
        #expect(complete.wantedOffset(of: old) == nil)
    }

    @Test func `numbers go on when every segment was removed`() throws {
        let scene = JournalScene()
        for round in 0..<3 {
            let journal = try scene.open()
            var writer = journal.makeWriter(loop: 0)
            writer.succeed(try writer.start("r-\(round)"))
            writer.close(atMilliseconds: JournalScene.time)
            journal.close()
            let entries = try SegmentFolder(path: scene.path).entries()
            #expect(entries.count == 1 && (entries.first?.name.number ?? 0) > round)
            for entry in entries {
                try FileSystem.remove(SegmentFolder(path: scene.path).path(of: entry))
            }
        }
    }

    @Test func `a file of places is read as it was written, or not at all`() throws {
        var progress = ShippingProgress()
        let other = SegmentName(milliseconds: 5, loop: 3, number: 9)
        progress.move(to: JournalPlace(segment: other, offset: 77, isComplete: true))
        progress.begin(ShippingCourseTests.batch(0..<8))
        progress.split(at: 120)
        #expect(ShippingProgress(text: progress.text) == progress)
        #expect(ShippingProgress(text: ShippingProgress().text) == ShippingProgress())
        let text = progress.text
        for end in 0..<text.count {
            let cut = ShippingProgress(text: String(text.prefix(end)))
            #expect(cut == nil || cut?.pending == nil)
        }
        for wrong in ["", "{}", "postern shipping 2\n", "postern shipping 1\nplace x 1 open\n"] {
            #expect(ShippingProgress(text: wrong) == nil)
        }
    }

    @Test func `segments that are not shipped outlive keep, and the limit says what it took`()
        throws
    {
        let scene = JournalScene()
        let told = Told()
        var settings = scene.settings()
        settings.keepSeconds = 1
        settings.report = { told.add($0) }
        settings.holds.set("x", to: [:])
        let journal = try Journal(settings, atMilliseconds: JournalScene.time)
        var writer = journal.makeWriter(loop: 0)
        for number in 0..<400 { writer.succeed(try writer.start("r-\(number)")) }
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
        let late = Clock.unixSeconds() + 1_000
        journal.removeExpired(atSeconds: late)
        #expect(try identifiers(scene).count == 800)
        #expect(journal.statistics.unshippedEventsRemoved == 0 && told.words.isEmpty)
        // The limit goes before a shipper.
        settings.limitBytes = 150_000
        let smaller = try Journal(settings, atMilliseconds: JournalScene.time)
        smaller.removeExpired(atSeconds: Clock.unixSeconds())
        let left = try identifiers(scene).count
        #expect(left < 800 && left > 0)
        #expect(smaller.statistics.unshippedEventsRemoved == 800 - left)
        #expect(!told.words.isEmpty && told.words.allSatisfy { $0.contains("not shipped yet") })
        // What is shipped goes at its time.
        var search = search(scene)
        var course = course()
        _ = try drain(&search, &course)
        settings.holds.set("x", to: course.progress.places)
        smaller.removeExpired(atSeconds: late)
        #expect(try identifiers(scene).isEmpty)
        smaller.close()
        #expect(smaller.statistics.unshippedEventsRemoved == 800 - left)
    }
}
