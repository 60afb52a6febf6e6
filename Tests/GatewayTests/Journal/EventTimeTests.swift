import Testing

@testable import Gateway

@Suite("Event time")
struct EventTimeTests {
    @Test(
        "the text is ISO 8601 in UTC with milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_795_470_502_123, "2026-11-23T21:48:22.123Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func text(_ milliseconds: Int64, _ wanted: String) {
        let text = EventTime.text(milliseconds)
        #expect(String(decoding: text.span.copied, as: UTF8.self) == wanted)
        #expect(EventTime.milliseconds(Array(wanted.utf8), edge: .start) == milliseconds)
    }

    @Test(
        "times of a query are read",
        arguments: [
            ("2026-11-23", 1_795_392_000_000),
            ("2026-11-23T21:48Z", 1_795_470_480_000),
            ("2026-11-23T21:48:22.123456", 1_795_470_502_123),
            ("2026-11-23T22:48:22.1239+01:00", 1_795_470_502_123),
            ("2026-11-23T22:48:22 01:00", 1_795_470_502_000),
            ("2026-11-23T16:18:22-0530", 1_795_470_502_000),
        ] as [(String, Int64)]
    )
    func read(_ text: String, _ wanted: Int64) {
        #expect(EventTime.milliseconds(Array(text.utf8), edge: .start) == wanted)
    }

    @Test func `a date alone can mean the end of its day`() {
        let text = Array("2026-11-23".utf8)
        #expect(EventTime.milliseconds(text, edge: .end) == 1_795_478_399_999)
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "now", "2026-13-01", "2026-02-29", "2026-1-01", "2026-11-23T", "2026-11-23T24:00Z",
            "2026-11-23T21:48:22.", "2026-11-23T21:48:22.Z", "2026-11-23T21:48:22Zx", "1795470502",
        ]
    )
    func refused(_ text: String) {
        #expect(EventTime.milliseconds(Array(text.utf8), edge: .start) == nil)
    }

    @Test func `a stamp never goes back`() {
        var stamp = EventStamp(node: 1)
        stamp.advance(to: 5_000, slot: 0)
        let before = stamp.timestamp.span.copied
        stamp.advance(to: 4_000, slot: 0)
        #expect(stamp.timestamp.span.copied == before)
    }

    @Test func `ids of one writer increase when a millisecond's counter is used up`() {
        var stamp = EventStamp(node: .max)
        var last: [UInt8] = []
        for round in 0..<20_000 {
            stamp.advance(to: 5_000 + Int64(round / 15_000), slot: 0)
            let id = stamp.id.span.copied
            #expect(last.lexicographicallyPrecedes(id))
            last = id
        }
    }
}
