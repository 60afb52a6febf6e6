import Testing

@testable import Gateway

@Suite("Answer memory")
struct AnswerMemoryTests {
    @Test func `it is bounded in number and bytes and keeps what came last`() {
        var memory = AnswerMemory<Int, Int>(entriesMax: 10, bytesMax: 1_000)
        for key in 0..<100 { memory.keep(key, for: key, until: 10, bytes: 1, now: 0) }
        #expect(memory.count <= 10)
        for key in 95..<100 { #expect(memory.value(for: key, at: 9) == key) }
        #expect(memory.value(for: 99, at: 10) == nil)
        for key in 0..<100 { memory.keep(key, for: key, until: 10, bytes: 200, now: 0) }
        #expect(memory.count <= 5)
        #expect(memory.value(for: 99, at: 0) == 99)
        memory.keep(1, for: 1, until: 10, bytes: 501, now: 0)
        memory.keep(2, for: 2, until: 5, bytes: 1, now: 5)
        #expect(memory.value(for: 1, at: 0) == nil)
        #expect(memory.value(for: 2, at: 0) == nil)
    }

    @Test func `the newer answer counts`() {
        var memory = AnswerMemory<Int, String>(entriesMax: 2, bytesMax: 100)
        memory.keep("old", for: 1, until: 10, bytes: 1, now: 0)
        memory.keep("new", for: 1, until: 20, bytes: 1, now: 0)
        #expect(memory.value(for: 1, at: 5) == "new")
        #expect(memory.value(for: 1, at: 15) == "new")
    }
}
