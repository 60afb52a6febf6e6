import Testing

@testable import Gateway

@Suite("Absent keys")
struct AbsentKeysTests {
    static let name = Array("k1".utf8)

    @Test func `a name that is not there is remembered for a minute`() {
        let absent = AbsentKeys()
        let isKnown = absent.contains(Self.name, 0, 7, 1_000)
        #expect(!isKnown)
        absent.insert(Self.name, 0, 7, 1_000)
        let isRemembered = absent.contains(Self.name, 0, 7, 1_059)
        #expect(isRemembered)
        let isOver = absent.contains(Self.name, 0, 7, 1_060)
        #expect(!isOver)
    }

    @Test func `other names, other tenants and other keys are not meant`() {
        let absent = AbsentKeys()
        absent.insert(Self.name, 0, 7, 1_000)
        let otherName = absent.contains(Array("k2".utf8), 0, 7, 1_000)
        let otherTenant = absent.contains(Self.name, 1, 7, 1_000)
        let otherKeys = absent.contains(Self.name, 0, 8, 1_000)
        #expect(!otherName && !otherTenant && !otherKeys)
    }

    @Test func `a flood of names takes no more room and forgets older ones only`() {
        let absent = AbsentKeys()
        for number in 0..<100_000 { absent.insert(Array("n\(number)".utf8), 0, 7, 1_000) }
        var count = 0
        for number in 0..<100_000 where absent.contains(Array("n\(number)".utf8), 0, 7, 1_000) {
            count += 1
        }
        #expect(count <= AbsentKeys.entriesMax)
        #expect(count > AbsentKeys.entriesMax / 2)
        let isLast = absent.contains(Array("n99999".utf8), 0, 7, 1_000)
        #expect(isLast)
    }
}
