import Testing

@testable import Gateway

@Suite("Key schedule")
struct KeyScheduleTests {
    static let day: Int64 = 86_400

    static func schedule(now: Int64 = 0, staleSecondsMax: Int64 = day) -> KeySchedule {
        KeySchedule(now: now, staleSecondsMax: staleSecondsMax)
    }

    static let ages: [(Int64?, Int64)] = [
        (nil, 600), (0, 60), (10, 60), (60, 60), (900, 900), (3_600, 3_600), (86_400, 3_600),
        (.max, 3_600), (-1, 60), (.min, 60),
    ]

    @Test("max-age is honoured between a minute and an hour", arguments: ages)
    func maxAge(_ maxAgeSeconds: Int64?, _ seconds: Int64) {
        var schedule = Self.schedule(now: 100)
        #expect(schedule.isDue(at: 100))
        schedule.began(at: 100)
        #expect(!schedule.isDue(at: 1_000_000))
        schedule.succeeded(at: 105, maxAgeSeconds: maxAgeSeconds, jitter: 0)
        #expect(schedule.nextTry == 105 + seconds * 1_000)
        schedule.succeeded(at: 105, maxAgeSeconds: maxAgeSeconds, jitter: 0.999)
        let least = max(seconds * 900, 60_000)
        #expect(schedule.nextTry >= 105 + least)
        #expect(schedule.nextTry <= 105 + seconds * 1_000)
    }

    @Test func `gateways that began together ask at different times`() {
        let times = (0..<10).map { number in
            var schedule = Self.schedule()
            schedule.succeeded(at: 0, maxAgeSeconds: nil, jitter: Double(number) / 10)
            return schedule.nextTry
        }
        #expect(Set(times).count == 10)
        #expect(times.allSatisfy { 540_000...600_000 ~= $0 })
    }

    @Test func `failures are retried after 1 to 60 seconds`() {
        var schedule = Self.schedule()
        var waits: [Int64] = []
        for _ in 0..<9 {
            schedule.failed(at: 0, jitter: 0)
            waits.append(schedule.nextTry)
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60].map { $0 * 1_000 })
        schedule.succeeded(at: 0, maxAgeSeconds: nil, jitter: 0)
        schedule.failed(at: 0, jitter: 0)
        #expect(schedule.nextTry == 1_000)
    }

    @Test func `retries are spread too, and never come within a second`() {
        var schedule = Self.schedule()
        var waits: [Int64] = []
        for _ in 0..<7 {
            schedule.failed(at: 0, jitter: 1)
            waits.append(schedule.nextTry)
        }
        #expect(waits == [1_000, 1_800, 3_600, 7_200, 14_400, 28_800, 54_000])
    }

    @Test func `unknown keys cause at most one fetch in thirty seconds`() {
        var schedule = Self.schedule()
        schedule.succeeded(at: 0, maxAgeSeconds: nil, jitter: 0)
        let first = schedule.request(at: 5_000)
        #expect(first)
        #expect(schedule.isDue(at: 5_000))
        schedule.began(at: 5_000)
        let during = schedule.request(at: 6_000)
        #expect(!during)
        schedule.succeeded(at: 7_000, maxAgeSeconds: nil, jitter: 0)
        let early = schedule.request(at: 34_999)
        #expect(!early)
        let late = schedule.request(at: 35_000)
        #expect(late)
    }

    @Test func `a source that fails is left to its retries`() {
        var schedule = Self.schedule()
        schedule.failed(at: 0, jitter: 0)
        let isTaken = schedule.request(at: 100)
        #expect(!isTaken)
        #expect(schedule.nextTry == 1_000)
    }

    @Test func `keys are used for a day and no longer`() {
        var schedule = Self.schedule()
        schedule.succeeded(at: 0, maxAgeSeconds: nil, jitter: 0)
        #expect(schedule.staleAt == nil)
        schedule.failed(at: 600_000, jitter: 0)
        #expect(!schedule.isStale(at: Self.day * 1_000 - 1))
        #expect(schedule.isStale(at: Self.day * 1_000))
        #expect(schedule.staleAt == Self.day * 1_000)
    }

    @Test func `keys that were kept on disk count from when they were fetched`() {
        var schedule = Self.schedule(now: 5_000)
        schedule.remembered(ageSeconds: 3_600, now: 5_000)
        #expect(schedule.isDue(at: 5_000))
        schedule.failed(at: 6_000, jitter: 0)
        #expect(!schedule.isStale(at: 5_000 + (Self.day - 3_600) * 1_000 - 1))
        #expect(schedule.isStale(at: 5_000 + (Self.day - 3_600) * 1_000))
    }

    @Test func `fresh keys are asked for before the old ones are too old`() {
        var schedule = Self.schedule(staleSecondsMax: 60)
        schedule.succeeded(at: 0, maxAgeSeconds: nil, jitter: 0)
        #expect(schedule.nextTry == 30_000)
        var hasty = Self.schedule(staleSecondsMax: 1)
        hasty.succeeded(at: 0, maxAgeSeconds: nil, jitter: 0)
        #expect(hasty.nextTry == 1_000)
    }

    @Test func `without stale keys they are good until the next fetch fails`() {
        var schedule = Self.schedule(staleSecondsMax: 0)
        schedule.succeeded(at: 0, maxAgeSeconds: nil, jitter: 0)
        #expect(schedule.nextTry == 600_000)
        #expect(!schedule.isStale(at: 600_000))
        schedule.failed(at: 600_000, jitter: 0)
        #expect(schedule.isStale(at: 600_000))
    }

    @Test func `a fetch that does not end counts as failed after thirty seconds`() {
        var schedule = Self.schedule()
        #expect(schedule.overdueAt == nil)
        schedule.began(at: 1_000)
        #expect(schedule.overdueAt == 31_000)
        schedule.failed(at: 31_000, jitter: 0)
        #expect(schedule.overdueAt == nil)
        #expect(schedule.nextTry == 32_000)
    }

    @Test func `under another configuration the next fetch is due and the keys keep their age`() {
        var schedule = Self.schedule()
        schedule.succeeded(at: 0, maxAgeSeconds: nil, jitter: 0)
        schedule.began(at: 1_000)
        schedule.restart(at: 2_000, staleSecondsMax: 10)
        #expect(schedule.isDue(at: 2_000))
        schedule.failed(at: 3_000, jitter: 0)
        #expect(schedule.isStale(at: 10_000))
        #expect(!schedule.isStale(at: 9_999))
    }

    @Test func `any duration is safe to calculate with`() {
        var schedule = Self.schedule(now: 1 << 50, staleSecondsMax: .max)
        schedule.succeeded(at: 1 << 50, maxAgeSeconds: .max, jitter: .infinity)
        schedule.failed(at: 1 << 50, jitter: .infinity)
        #expect(schedule.staleAt.map { $0 > 1 << 50 } == true)
        schedule.restart(at: 1 << 50, staleSecondsMax: .min)
        #expect(schedule.isStale(at: 1 << 50))
    }
}
