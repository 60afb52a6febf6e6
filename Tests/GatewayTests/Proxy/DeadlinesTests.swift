import Testing

@testable import Gateway

@Suite("Deadlines")
struct DeadlinesTests {
    @Test func `a passed deadline is told once`() {
        var deadlines = Deadlines()
        var passed: [UInt32] = []
        deadlines.set(3, at: 100)
        deadlines.set(1, at: 250)
        deadlines.sweep(now: 99, into: &passed)
        #expect(passed == [])
        deadlines.sweep(now: 100, into: &passed)
        #expect(passed == [3])
        deadlines.sweep(now: 200, into: &passed)
        #expect(passed == [3])
        deadlines.sweep(now: 250, into: &passed)
        #expect(passed == [3, 1])
        #expect(deadlines.sleepMilliseconds(now: 300, limit: 1_000) == 1_000)
    }

    @Test func `a deadline that was moved or cleared does not pass`() {
        var deadlines = Deadlines()
        var passed: [UInt32] = []
        deadlines.set(0, at: 100)
        deadlines.set(1, at: 100)
        deadlines.set(0, at: 500)
        deadlines.clear(1)
        deadlines.sweep(now: 400, into: &passed)
        #expect(passed == [])
        deadlines.sweep(now: 500, into: &passed)
        #expect(passed == [0])
    }

    @Test func `the loop sleeps until the nearest deadline and never past it`() {
        var deadlines = Deadlines()
        deadlines.set(7, at: 1_500)
        #expect(deadlines.sleepMilliseconds(now: 1_000, limit: 1_000) == 500)
        #expect(deadlines.sleepMilliseconds(now: 2_000, limit: 1_000) == 0)
        #expect(deadlines.sleepMilliseconds(now: 0, limit: 1_000) == 1_000)
    }
}
