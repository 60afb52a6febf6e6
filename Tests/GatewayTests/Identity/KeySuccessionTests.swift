import Testing

@testable import Gateway

@Suite("Key succession")
struct KeySuccessionTests {
    let keys: [SigningKey]

    init() throws {
        keys = try (0..<3).map { try SigningKey.generate(.curve(.p256), keyID: "k\($0)") }
    }

    func set(_ indices: Int...) throws -> KeySet {
        try KeySet(
            keys: indices.map { index in
                try #require(IdentityScene.keySet([keys[index]]).keys.first)
            }
        )
    }

    func names(_ succession: KeySuccession) -> [String] {
        (succession.keys?.keys ?? []).map { String(decoding: $0.keyID ?? [], as: UTF8.self) }
    }

    @Test func `without a grace a key stops with the set that misses it`() throws {
        var succession = KeySuccession()
        let isFirst = succession.publish(try set(0, 1), at: 0, grace: 0)
        #expect(isFirst)
        let isOther = succession.publish(try set(1, 2), at: 10, grace: 0)
        #expect(isOther)
        #expect(names(succession) == ["k1", "k2"])
        #expect(succession.nextExpiry(grace: 0) == nil)
    }

    @Test func `with a grace it goes on that much longer, counted from its removal`() throws {
        var succession = KeySuccession()
        _ = succession.publish(try set(0), at: 0, grace: 100)
        _ = succession.publish(try set(1), at: 10, grace: 100)
        #expect(names(succession) == ["k1", "k0"])
        #expect(succession.nextExpiry(grace: 100) == 110)
        // Another refresh without it begins no new time.
        let isOther = succession.publish(try set(1), at: 60, grace: 100)
        #expect(!isOther)
        let isEarly = succession.expire(at: 109, grace: 100)
        #expect(!isEarly)
        let isOver = succession.expire(at: 110, grace: 100)
        #expect(isOver)
        #expect(names(succession) == ["k1"])
    }

    @Test func `a key that is published again is one of the set`() throws {
        var succession = KeySuccession()
        _ = succession.publish(try set(0), at: 0, grace: 100)
        _ = succession.publish(try set(1), at: 10, grace: 100)
        _ = succession.publish(try set(0, 1), at: 20, grace: 100)
        #expect(succession.nextExpiry(grace: 100) == nil)
        _ = succession.publish(try set(1), at: 50, grace: 100)
        #expect(succession.nextExpiry(grace: 100) == 150)
    }

    @Test func `a shorter grace of a new configuration counts at once`() throws {
        var succession = KeySuccession()
        _ = succession.publish(try set(0), at: 0, grace: 100)
        _ = succession.publish(try set(1), at: 10, grace: 100)
        let isOver = succession.expire(at: 30, grace: 20)
        #expect(isOver)
        #expect(names(succession) == ["k1"])
    }

    @Test func `an empty set ends all keys but for their grace`() throws {
        var succession = KeySuccession()
        _ = succession.publish(try set(0), at: 0, grace: 0)
        let isOther = succession.publish(KeySet(keys: []), at: 10, grace: 0)
        #expect(isOther)
        #expect(succession.keys == nil)
        _ = succession.publish(try set(0), at: 20, grace: 100)
        _ = succession.publish(KeySet(keys: []), at: 30, grace: 100)
        #expect(names(succession) == ["k0"])
    }

    @Test func `a key whose private half was published has no grace`() throws {
        var succession = KeySuccession()
        let old = try set(0)
        _ = succession.publish(old, at: 0, grace: 100)
        let exposed = KeySet(keys: try set(1).keys, exposed: Set(old.keys.map(\.subject)))
        _ = succession.publish(exposed, at: 10, grace: 100)
        #expect(names(succession) == ["k1"])
    }

    @Test func `the same set in another order changes nothing, and its keys are the same objects`()
        throws
    {
        var succession = KeySuccession()
        _ = succession.publish(try set(0, 1), at: 0, grace: 0)
        let before = try #require(succession.keys)
        let isOther = succession.publish(try set(1, 0), at: 10, grace: 0)
        #expect(!isOther)
        #expect(succession.keys === before)
        _ = succession.publish(try set(1, 2), at: 20, grace: 0)
        let kept = try #require(succession.keys?.keys.first)
        #expect(before.keys.contains { $0 === kept })
    }

    @Test func `no more keys linger than a set may have, and the youngest stay`() throws {
        var succession = KeySuccession()
        let one = try #require(try set(0).keys.first)
        func generation(_ number: Int) throws -> KeySet {
            let jwks = (0..<KeySet.keysMax).map { index in
                try? keys[0].publicJWK(keyID: "\(number)-\(index)")
            }
            return try KeySet(
                Array("{\"keys\":[\(jwks.compactMap(\.self).joined(separator: ","))]}".utf8)
            )
        }
        for number in 0..<3 {
            _ = succession.publish(try generation(number), at: Int64(number), grace: 1_000)
        }
        let names = names(succession)
        #expect(names.count == KeySet.keysMax + KeySuccession.lingeringMax)
        #expect(!names.contains { $0.hasPrefix("0-") })
        #expect(one.keyID != nil)
    }
}
