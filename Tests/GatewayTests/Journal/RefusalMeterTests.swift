import Synchronization
import Testing

@testable import Gateway

@Suite("Refusal meter")
struct RefusalMeterTests {
    private final class Tally: Sendable {
        let meter = RefusalMeter()
        let admitted = Atomic<Int>(0)
        let counted = Atomic<Int>(0)

        func flood(_ count: Int, atMilliseconds now: Int64) {
            for _ in 0..<count {
                let admission = meter.admit(atMilliseconds: now)
                if admission.isAdmitted { admitted.wrappingAdd(1, ordering: .relaxed) }
                counted.wrappingAdd(admission.countedBefore, ordering: .relaxed)
            }
        }
    }

    @Test func `two loops together admit exactly 100 a second and count the rest once`() throws {
        let tally = Tally()
        for second in 1...5 as ClosedRange<Int64> {
            let other = try Thread(name: "other") {
                tally.flood(1_000, atMilliseconds: second * 1_000 + 999)
            }
            tally.flood(1_000, atMilliseconds: second * 1_000)
            other.join()
            #expect(tally.admitted.load(ordering: .relaxed) == Int(second) * 100)
        }
        #expect(tally.counted.load(ordering: .relaxed) == 4 * 1_900)
        #expect(tally.meter.takeCounted(atMilliseconds: 5_999) == 0)
        #expect(tally.meter.takeCounted(atMilliseconds: 6_000) == 1_900)
        #expect(tally.meter.takeCounted(atMilliseconds: 7_000) == 0)
    }

    @Test func `a clock that goes back opens no new second`() {
        let tally = Tally()
        tally.flood(100, atMilliseconds: 9_000)
        tally.flood(50, atMilliseconds: 8_000)
        #expect(tally.admitted.load(ordering: .relaxed) == 100)
        #expect(tally.meter.takeCounted(atMilliseconds: 8_500) == 0)
        #expect(tally.meter.takeCounted(atMilliseconds: 10_000) == 50)
    }

    @Test func `a flood is 100 events and one summary`() throws {
        let scene = JournalScene()
        let journal = try scene.open(segmentBytes: 1_048_576)
        var writer = journal.makeWriter(loop: 0)
        let meter = RefusalMeter()
        let scope = RefusalScope(tenant: "acme", route: nil)
        for _ in 0..<5_000 {
            writer.refuse(
                scope,
                status: 401,
                code: "credentials-missing",
                meter: meter,
                request: JournalScene.request("r"),
                address: AddressText(),
                method: Array("GET".utf8).span,
                atMilliseconds: JournalScene.time
            )
        }
        writer.flush(scope, meter: meter, atMilliseconds: JournalScene.time + 1_000)
        writer.flush(scope, meter: meter, atMilliseconds: JournalScene.time + 2_000)
        let events = try scene.events()
        #expect(events.count == 101)
        let summary = try #require(events.last)
        #expect(member("type", of: summary) == "GATEWAY_REQUESTS_REFUSED")
        #expect(summary.hasSuffix(#""tenantId":"acme","data":{"count":4900}}"#))
        journal.close()
    }
}
