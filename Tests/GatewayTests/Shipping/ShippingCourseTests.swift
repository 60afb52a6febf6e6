import Testing

@testable import Gateway

@Suite("What follows an answer")
struct ShippingCourseTests {
    static let segment = SegmentName(milliseconds: 1, loop: 0, number: 1)

    static func line(_ number: Int) -> String {
        "{\"id\":\"id-\(number)\",\"type\":\"A_START\",\"timestamp\":\"2026-11-23T21:48:22.123Z\"}\n"
    }

    static func batch(_ numbers: Range<Int>) -> EventBatch {
        let bytes = Array(numbers.map(line).joined().utf8)
        let start = (0..<numbers.lowerBound).map(line).joined().utf8.count
        return EventBatch(bytes, of: segment, start: start)
    }

    static func course() -> ShippingCourse {
        ShippingCourse(
            progress: ShippingProgress(),
            backoff: Backoff(milliseconds: 1_000, millisecondsMax: 60_000)
        )
    }

    /// The pending part of the events 0 to 100.
    private func part(_ course: ShippingCourse) -> EventBatch? {
        course.progress.pendingRange.map { range in
            let whole = Self.batch(0..<100)
            return EventBatch(
                Array(whole.bytes[range]),
                of: Self.segment,
                start: range.lowerBound
            )
        }
    }

    @Test(
        "a refused batch is split until exactly the bad events are alone",
        arguments: [[0], [99], [50], [0, 1, 99], [13, 14, 77], Array(0..<100), []]
    )
    func splitting(_ bad: [Int]) {
        var course = Self.course()
        let names = Set(bad.map { "id-\($0)" })
        course.begin(Self.batch(0..<100))
        var arrived: [String] = []
        var dead: [String] = []
        var requests = 0
        while let batch = part(course), requests < 1_000 {
            requests += 1
            let isRefused = batch.identifiers.contains { names.contains($0) }
            let verdict = isRefused ? ShippingVerdict.refused(status: 400) : .accepted
            switch course.answered(verdict, to: batch, wanted: nil, chance: 0) {
            case .goOn: if !isRefused { arrived += batch.identifiers }
            case .putAside(let status):
                #expect(status == 400 && batch.count == 1)
                dead += batch.identifiers
                course.isPutAside(1, of: batch)
            case .putAsideSome, .wait: Issue.record("neither was asked for")
            }
        }
        #expect(dead == bad.map { "id-\($0)" })
        #expect(arrived == (0..<100).map { "id-\($0)" }.filter { !names.contains($0) })
        #expect(course.counts.sent == 100 - bad.count && course.counts.dead == bad.count)
        #expect(course.progress.pending == nil)
        #expect(course.progress.places[0]?.offset == Self.batch(0..<100).end)
        if bad.count == 1 { #expect(requests <= 2 * 7 + 1) }
    }

    @Test func `a failure changes nothing but the wait, which grows until a success`() {
        var course = Self.course()
        let batch = Self.batch(0..<3)
        course.begin(batch)
        let before = course.progress
        var waits: [Int64] = []
        for _ in 0..<8 {
            let step = course.answered(.failed(status: 500), to: batch, wanted: nil, chance: 1)
            if case .wait(let milliseconds) = step { waits.append(milliseconds) }
        }
        #expect(waits == [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
        #expect(course.progress == before)
        #expect(course.trouble == .status(500) && course.counts.failed == 8)
        #expect(course.answered(.accepted, to: batch, wanted: nil, chance: 1) == .goOn)
        #expect(course.trouble == nil && course.progress.pending == nil)
        course.begin(Self.batch(3..<4))
        let step = course.failed(.outbound(.timeout), chance: 0)
        #expect(step == .wait(milliseconds: 500))
    }

    @Test func `a receiver that asks for a longer pause gets it, up to five minutes`() {
        var course = Self.course()
        let batch = Self.batch(0..<1)
        course.begin(batch)
        let verdict = ShippingVerdict.failed(status: 429)
        #expect(
            course.answered(verdict, to: batch, wanted: 7_000, chance: 1)
                == .wait(milliseconds: 7_000)
        )
        #expect(
            course.answered(verdict, to: batch, wanted: 9_000_000, chance: 1)
                == .wait(milliseconds: 300_000)
        )
    }

    @Test func `a batch that was taken in part is over`() {
        var course = Self.course()
        let batch = Self.batch(0..<10)
        course.begin(batch)
        let step = course.answered(.partly(rejected: 3), to: batch, wanted: nil, chance: 0)
        #expect(step == .putAsideSome(rejected: 3))
        course.isPutAside(3, of: batch)
        #expect(course.counts == ShippingCounts(sent: 7, failed: 0, dead: 3))
        #expect(course.progress.pending == nil)
    }

    static let answers: [(Int, ShippingVerdict)] = [
        (200, .accepted), (204, .accepted), (400, .refused(status: 400)),
        (413, .refused(status: 413)), (422, .refused(status: 422)), (401, .failed(status: 401)),
        (403, .failed(status: 403)), (404, .failed(status: 404)), (405, .failed(status: 405)),
        (408, .failed(status: 408)), (429, .failed(status: 429)), (500, .failed(status: 500)),
        (503, .failed(status: 503)), (302, .failed(status: 302)),
    ]

    @Test("only what an event can be blamed for refuses a batch", arguments: answers)
    func statuses(_ status: Int, _ verdict: ShippingVerdict) {
        #expect(ShippingVerdict(status: status) == verdict)
    }

    @Test func `a Retry-After is seconds or a date`() {
        let now: Int64 = 784_111_777_000
        #expect(RetryAfter.milliseconds("120", at: now) == 120_000)
        #expect(RetryAfter.milliseconds("Sun, 06 Nov 1994 08:50:37 GMT", at: now) == 60_000)
        #expect(RetryAfter.milliseconds("Sun, 06 Nov 1994 08:00:00 GMT", at: now) == 0)
        for text in ["", "-1", "soon", "1.5", "Sun, 06 Foo 1994 08:50:37 GMT", "9999999999"] {
            #expect(RetryAfter.milliseconds(text, at: now) == nil)
        }
    }
}
