import Testing

@testable import Gateway

@Suite("Slab")
struct SlabTests {
    @Test func `a key names its value until the value is taken out`() {
        var slab = Slab<Int>(capacity: 2)
        let key = slab.insert(7)
        #expect(key.map { slab[$0.slot] } == 7)
        #expect(key.flatMap { slab.remove($0) } == 7)
        #expect(key.map { slab.contains($0) } == false)
        #expect(key.flatMap { slab.remove($0) } == nil)
    }

    @Test func `a slot that is taken again has another generation`() {
        var slab = Slab<Int>(capacity: 1)
        let first = slab.insert(1)
        if let first { _ = slab.remove(first) }
        let second = slab.insert(2)
        #expect(first?.slot == second?.slot)
        #expect(first != second)
        #expect(first.map { slab.contains($0) } == false)
    }

    @Test func `a full slab takes nothing more`() {
        var slab = Slab<Int>(capacity: 65)
        for value in 0..<65 { #expect(slab.insert(value) != nil) }
        #expect(slab.insert(65) == nil)
        #expect(slab.count == 65)
        #expect(slab.key(at: 64).map { slab[$0.slot] } == 64)
    }
}
