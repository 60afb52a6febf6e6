import Testing

@testable import Policy

@Suite("Rate limits")
struct RateLimitTests {
    private static let second: Int64 = 1_000_000_000

    private func limit(_ count: Int, _ period: RateLimit.Period, _ burst: Int) throws -> RateLimit {
        try #require(RateLimit(count: count, period: period, burst: burst, key: .tenant))
    }

    /// How many of `requests` at one moment are granted, and how long the next would have to wait.
    private func spend(
        _ limit: RateLimit,
        _ fullAt: inout Int64,
        at now: Int64,
        requests: Int
    ) -> (granted: Int, wait: Int64) {
        var granted = 0
        var wait: Int64 = 0
        for _ in 0..<requests {
            switch limit.decide(fullAt: fullAt, now: now) {
            case .granted(let next):
                fullAt = next
                granted += 1
            case .refused(let time): wait = time
            }
        }
        return (granted, wait)
    }

    @Test func `a full bucket grants its burst and not one more`() throws {
        for burst in [1, 2, 40, 1_000] {
            var fullAt = Int64.min
            let spent = spend(try limit(20, .second, burst), &fullAt, at: 0, requests: burst + 50)
            #expect(spent.granted == burst)
            #expect(spent.wait == Self.second / 20)
        }
    }

    @Test func `one request comes back each interval, not a nanosecond before`() throws {
        let limit = try limit(20, .second, 40)
        let interval = Self.second / 20
        let start: Int64 = 7 * Self.second
        var fullAt = Int64.min
        _ = spend(limit, &fullAt, at: start, requests: 40)
        #expect(limit.decide(fullAt: fullAt, now: start + interval - 1) == .refused(wait: 1))
        for step in 1...100 {
            let now = start + Int64(step) * interval
            #expect(spend(limit, &fullAt, at: now, requests: 5).granted == 1)
        }
    }

    @Test func `who waits as told is granted, who waits less is not`() throws {
        for (count, period, burst) in [
            (3, RateLimit.Period.second, 1), (7, .minute, 3), (1, .hour, 2),
        ] {
            let limit = try limit(count, period, burst)
            var fullAt = Int64.min
            let wait = spend(limit, &fullAt, at: 500, requests: burst + 1).wait
            #expect(wait > 0)
            #expect(limit.decide(fullAt: fullAt, now: 500 + wait - 1) == .refused(wait: 1))
            #expect(spend(limit, &fullAt, at: 500 + wait, requests: 1).granted == 1)
        }
    }

    @Test func `after a rest there is the burst again and no more`() throws {
        let limit = try limit(20, .second, 40)
        var fullAt = Int64.min
        _ = spend(limit, &fullAt, at: 0, requests: 40)
        #expect(spend(limit, &fullAt, at: 2 * Self.second, requests: 100).granted == 40)
        #expect(spend(limit, &fullAt, at: 1_000 * Self.second, requests: 100).granted == 40)
    }

    @Test func `no span of time has more than the burst and the rate`() throws {
        // 3/s is not a whole number of nanoseconds: rounding must not grant more.
        let limit = try limit(3, .second, 5)
        var fullAt = Int64.min
        var granted = 0
        for step in 0...60_000 {
            granted += spend(limit, &fullAt, at: Int64(step) * 1_000_000, requests: 1).granted
        }
        #expect(granted <= 5 + 3 * 60)
        #expect(granted >= 3 * 60)
    }

    @Test func `a clock that is set back makes nobody pass sooner`() throws {
        let limit = try limit(1, .second, 1)
        var fullAt = Int64.min
        _ = spend(limit, &fullAt, at: 100 * Self.second, requests: 1)
        let early = limit.decide(fullAt: fullAt, now: 90 * Self.second)
        #expect(early == .refused(wait: 11 * Self.second))
        #expect(limit.decide(fullAt: fullAt, now: -5) == .refused(wait: 101 * Self.second))
    }

    @Test func `no time overflows`() throws {
        let limit = try #require(
            RateLimit(count: 1, period: .hour, burst: 720, key: .address)
        )
        for fullAt in [Int64.min, -1, 0, 1, .max / 2, .max] {
            for now in [Int64.min, -1, 0, 1, .max / 2, .max] {
                switch limit.decide(fullAt: fullAt, now: now) {
                case .granted(let next): #expect(next > 0)
                case .refused(let wait): #expect(wait > 0)
                }
            }
        }
    }

    @Test func `numbers out of range make no limit`() {
        let cases: [(Int, RateLimit.Period, Int)] = [
            (0, .second, 1), (-1, .second, 1), (1_000_001, .second, 1), (1, .second, 0),
            (1, .second, 1_000_001), (1, .hour, 721),
        ]
        for (count, period, burst) in cases {
            let made = RateLimit(count: count, period: period, burst: burst, key: .client)
            #expect(made == nil, "\(count)/\(period) burst \(burst)")
        }
        #expect(RateLimit(count: 1, period: .hour, burst: 720, key: .client) != nil)
        #expect(RateLimit(count: 1_000_000, period: .second, burst: 1_000_000, key: .client) != nil)
    }
}
