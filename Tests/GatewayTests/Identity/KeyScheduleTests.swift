import Testing

@testable import Gateway

@Suite("Key schedule")
struct KeyScheduleTests {
    static let ages: [(Int64?, Int64)] = [
        (nil, 600), (0, 60), (10, 60), (60, 60), (900, 900), (3_600, 3_600), (86_400, 3_600),
        (.max, 3_600),
    ]

    @Test("max-age is honoured between a minute and an hour", arguments: ages)
    func maxAge(_ maxAgeSeconds: Int64?, _ seconds: Int64) {
        var schedule = KeySchedule(now: 100)
        #expect(schedule.isDue(at: 100))
        schedule.began()
        #expect(!schedule.isDue(at: 1_000_000))
        schedule.succeeded(at: 105, maxAgeSeconds: maxAgeSeconds, jitter: 0)
        #expect(schedule.nextTry == 105 + seconds)
        schedule.succeeded(at: 105, maxAgeSeconds: maxAgeSeconds, jitter: 0.999)
        #expect(schedule.nextTry >= 105 + seconds - seconds / 10)
        #expect(schedule.nextTry < 105 + seconds)
    }

    @Test func `failures are retried after 1 to 60 seconds`() {
        var schedule = KeySchedule(now: 0)
        var waits: [Int64] = []
        for _ in 0..<9 {
            schedule.failed(at: 0)
            waits.append(schedule.nextTry)
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60])
        schedule.succeeded(at: 0, maxAgeSeconds: nil, jitter: 0)
        schedule.failed(at: 0)
        #expect(schedule.nextTry == 1)
    }

    @Test func `unknown keys cause at most one fetch in thirty seconds`() {
        var schedule = KeySchedule(now: 0)
        schedule.succeeded(at: 0, maxAgeSeconds: nil, jitter: 0)
        let first = schedule.request(at: 5)
        #expect(first)
        #expect(schedule.isDue(at: 5))
        schedule.began()
        let during = schedule.request(at: 6)
        #expect(!during)
        schedule.succeeded(at: 7, maxAgeSeconds: nil, jitter: 0)
        let early = schedule.request(at: 34)
        #expect(!early)
        let late = schedule.request(at: 35)
        #expect(late)
    }

    @Test func `keys are used for a day and no longer`() {
        var schedule = KeySchedule(now: 0)
        #expect(schedule.isStale(at: 0))
        schedule.succeeded(at: 0, maxAgeSeconds: nil, jitter: 0)
        schedule.failed(at: 600)
        #expect(!schedule.isStale(at: 86_399))
        #expect(schedule.isStale(at: 86_400))
    }
}
