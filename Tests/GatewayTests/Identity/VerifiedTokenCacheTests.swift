import Policy
import Testing

@testable import Gateway

@Suite("Verified token cache")
struct VerifiedTokenCacheTests {
    static let now = IdentityScene.now

    static func principal(exp: Int64 = now + 600, nbf: Int64 = 0) throws -> Principal {
        let claims = try Claims(Array("{\"exp\":\(exp),\"nbf\":\(nbf)}".utf8))
        let rules = CompiledTokenRules(IdentityScene.rules())
        return try Principal(claims, rules: rules, conditions: CompiledConditions([]))
    }

    /// A text of some length that ends in a number.
    static func token(_ number: Int, length: Int = 200) -> [UInt8] {
        let digits = Array(String(number).utf8)
        return [UInt8](repeating: 0x61, count: length - digits.count) + digits
    }

    @Test func `only the same token for the same tenant under the same rules and keys is found`()
        throws
    {
        let scene = try IdentityScene()
        let principal = try Self.principal()
        var cache = VerifiedTokenCache()
        let token = Self.token(1)
        let tenant = scene.tenant(index: 3, generation: 7)
        cache.insert(
            token: token.span,
            principal: principal,
            tenant: tenant,
            keysGeneration: 9,
            now: Self.now
        )
        func isFound(_ token: [UInt8], _ tenant: Int, _ rules: UInt64, _ keys: UInt64) -> Bool {
            cache.find(
                token: token.span,
                tenant: tenant,
                rulesGeneration: rules,
                keysGeneration: keys,
                now: Self.now
            ) === principal
        }
        #expect(isFound(token, 3, 7, 9))
        #expect(!isFound(token, 4, 7, 9))
        #expect(!isFound(token, 3, 8, 9))
        #expect(!isFound(token, 3, 7, 10))
        #expect(!isFound(Self.token(2), 3, 7, 9))
        #expect(!isFound([0x62] + token.dropFirst(), 3, 7, 9))
        #expect(!isFound(Array(token.dropFirst()), 3, 7, 9))
        #expect(!isFound(Array(token.prefix(40)), 3, 7, 9))
        #expect(isFound(token, 3, 7, 9))
    }

    @Test func `times are checked at every hit`() throws {
        let scene = try IdentityScene()
        var cache = VerifiedTokenCache()
        let token = Self.token(1)
        cache.insert(
            token: token.span,
            principal: try Self.principal(exp: Self.now + 10, nbf: Self.now - 10),
            tenant: scene.tenant(),
            keysGeneration: 1,
            now: Self.now
        )
        func isFound(at now: Int64) -> Bool {
            let found = cache.find(
                token: token.span,
                tenant: 0,
                rulesGeneration: 1,
                keysGeneration: 1,
                now: now
            )
            return found != nil
        }
        #expect(isFound(at: Self.now))
        #expect(isFound(at: Self.now + 39))
        #expect(!isFound(at: Self.now + 40))
        #expect(isFound(at: Self.now - 40))
        #expect(!isFound(at: Self.now - 41))
    }

    @Test func `it never holds more entries or bytes than it may`() throws {
        let scene = try IdentityScene()
        let principal = try Self.principal()
        var cache = VerifiedTokenCache(entriesMax: 256, bytesMax: 100_000)
        for number in 0..<2_000 {
            cache.insert(
                token: Self.token(number).span,
                principal: principal,
                tenant: scene.tenant(),
                keysGeneration: 1,
                now: Self.now
            )
            #expect(cache.count <= 256)
            #expect(cache.bytesCount <= 100_000)
        }
        #expect(cache.count > 50)
        let huge = Self.token(1, length: 60_000)
        cache.insert(
            token: huge.span,
            principal: principal,
            tenant: scene.tenant(),
            keysGeneration: 1,
            now: Self.now
        )
        #expect(cache.bytesCount <= 100_000)
        cache.removeAll()
        #expect(cache.count == 0)
        #expect(cache.bytesCount == 0)
    }

    @Test func `what is used stays when others come and go`() throws {
        let scene = try IdentityScene()
        let principal = try Self.principal()
        let tenant = scene.tenant()
        var cache = VerifiedTokenCache(entriesMax: 256)
        var isKept = true
        for number in 0..<5_000 {
            cache.insert(
                token: Self.token(number).span,
                principal: principal,
                tenant: tenant,
                keysGeneration: 1,
                now: Self.now
            )
            let found = cache.find(
                token: Self.token(0).span,
                tenant: 0,
                rulesGeneration: 1,
                keysGeneration: 1,
                now: Self.now
            )
            isKept = isKept && found != nil
        }
        #expect(isKept)
    }

    @Test func `the same token again takes no second place`() throws {
        let scene = try IdentityScene()
        var cache = VerifiedTokenCache()
        for keysGeneration in 0..<100 {
            cache.insert(
                token: Self.token(1).span,
                principal: try Self.principal(),
                tenant: scene.tenant(),
                keysGeneration: UInt64(keysGeneration),
                now: Self.now
            )
        }
        #expect(cache.count == 1)
    }

    @Test func `growing loses nothing`() throws {
        let scene = try IdentityScene()
        let principal = try Self.principal()
        let tenant = scene.tenant()
        var cache = VerifiedTokenCache()
        var lost = 0
        for number in 0..<1_000 {
            cache.insert(
                token: Self.token(number).span,
                principal: principal,
                tenant: tenant,
                keysGeneration: 1,
                now: Self.now
            )
        }
        for number in 0..<1_000 {
            let found = cache.find(
                token: Self.token(number).span,
                tenant: 0,
                rulesGeneration: 1,
                keysGeneration: 1,
                now: Self.now
            )
            if found == nil { lost += 1 }
        }
        #expect(lost < 60)
    }

    @Test func `a validator asks the cache before the key`() throws {
        let scene = try IdentityScene()
        var validator = TokenValidator()
        let token = try scene.token()
        let tenant = scene.tenant()
        for _ in 0..<3 { #expect(validator.refusal(token, tenant) == nil) }
        #expect(validator.hitsCount == 2)
        #expect(validator.missesCount == 1)
        #expect(validator.refusal(token, tenant, now: Self.now + 630) == .expired)
        #expect(validator.refusal(token, scene.tenant(index: 1)) == nil)
        #expect(validator.missesCount == 3)
        #expect(
            validator.refusal(token, scene.tenant(keys: try IdentityScene().keys)) == .signature
        )
        var rules = IdentityScene.rules()
        rules.audiences = ["https://globex"]
        #expect(validator.refusal(token, scene.tenant(rules: rules, generation: 2)) == .audience)
        #expect(validator.refusal(token, tenant) == nil)
    }
}
