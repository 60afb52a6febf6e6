import Policy
import Testing

@testable import Gateway

/// A cache with what stands around it.
final class CacheScene {
    static let now = IdentityScene.now

    let identity: IdentityScene
    private(set) var cache: VerifiedTokenCache
    let principal: Principal

    var count: Int { cache.count }
    var bytesCount: Int { cache.bytesCount }
    let revocations = RevocationList()

    init(bytesMax: Int = 16 * 1_048_576) throws {
        identity = try IdentityScene()
        cache = VerifiedTokenCache(bytesMax: bytesMax)
        principal = try Self.principal()
    }

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

    func insert(
        _ token: [UInt8],
        _ tenant: TenantIdentity,
        principal other: Principal? = nil,
        origin: VerifiedTokenCache.Origin? = nil
    ) {
        let keys = identity.keys
        cache.insert(
            token: token.span,
            principal: other ?? principal,
            tenant: tenant,
            origin: origin ?? .signed(key: keys.keys[0], keysGeneration: keys.generation),
            revocations: revocations,
            now: Self.now
        )
    }

    func removeAll() { cache.removeAll() }

    func isFound(
        _ token: [UInt8],
        _ tenant: TenantIdentity,
        at now: Int64 = CacheScene.now
    ) -> Bool {
        let known = cache.find(
            token: token.span,
            tenant: tenant,
            revocations: revocations,
            now: now
        )
        return known.map { !$0.isRevoked } ?? false
    }
}

@Suite("Verified token cache")
struct VerifiedTokenCacheTests {
    static let now = CacheScene.now

    @Test func `only the same token for the same tenant under the same rules and keys is found`()
        throws
    {
        let scene = try CacheScene()
        let token = CacheScene.token(1)
        let identity = scene.identity
        let tenant = identity.tenant(index: 3, generation: 7)
        scene.insert(token, tenant)
        #expect(scene.isFound(token, tenant))
        #expect(!scene.isFound(token, identity.tenant(index: 4, generation: 7)))
        #expect(!scene.isFound(token, identity.tenant(index: 3, generation: 8)))
        let others = try IdentityScene().keys
        #expect(!scene.isFound(token, identity.tenant(index: 3, generation: 7, keys: others)))
        #expect(!scene.isFound(token, tenant.with(KeyStanding(keys: nil, source: .failing))))
        #expect(!scene.isFound(CacheScene.token(2), tenant))
        #expect(!scene.isFound([0x62] + token.dropFirst(), tenant))
        #expect(!scene.isFound(Array(token.dropFirst()), tenant))
        #expect(!scene.isFound(Array(token.prefix(40)), tenant))
        #expect(scene.isFound(token, tenant))
    }

    @Test func `a token outlives other keys that come and go, and ends with its own`() throws {
        let scene = try CacheScene()
        let token = CacheScene.token(1)
        let own = scene.identity.signer.key
        let other = try SigningKey.generate(.curve(.p256), keyID: "k2")
        scene.insert(token, scene.identity.tenant())
        let both = try IdentityScene.keySet([own, other])
        #expect(scene.isFound(token, scene.identity.tenant(keys: both)))
        let without = try IdentityScene.keySet([other])
        #expect(!scene.isFound(token, scene.identity.tenant(keys: without)))
    }

    @Test func `times are checked at every hit`() throws {
        let scene = try CacheScene()
        let tenant = scene.identity.tenant()
        let token = CacheScene.token(1)
        let principal = try CacheScene.principal(exp: Self.now + 10, nbf: Self.now - 10)
        scene.insert(token, tenant, principal: principal)
        #expect(scene.isFound(token, tenant))
        #expect(scene.isFound(token, tenant, at: Self.now + 39))
        #expect(!scene.isFound(token, tenant, at: Self.now + 40))
        #expect(scene.isFound(token, tenant, at: Self.now - 40))
        #expect(!scene.isFound(token, tenant, at: Self.now - 41))
    }

    @Test func `what an authorization server said holds only so long, without leeway`() throws {
        let scene = try CacheScene()
        let tenant = scene.identity.opaqueTenant()
        for length in [3, 20, 64, 65, 200] {
            let token = CacheScene.token(1, length: length)
            scene.insert(token, tenant, origin: .lookedUp(usableUntil: Self.now + 5))
            #expect(scene.isFound(token, tenant, at: Self.now + 4))
            #expect(!scene.isFound(token, tenant, at: Self.now + 5))
            #expect(!scene.isFound(token, scene.identity.tenant()))
        }
    }

    @Test func `it never holds more entries or bytes than it may`() throws {
        let scene = try CacheScene(bytesMax: 100_000)
        let tenant = scene.identity.tenant()
        for number in 0..<2_000 {
            scene.insert(CacheScene.token(number), tenant)
            #expect(scene.count <= 100)
            #expect(scene.bytesCount <= 100_000)
        }
        #expect(scene.count > 50)
        scene.insert(CacheScene.token(1, length: 60_000), tenant)
        #expect(scene.bytesCount <= 100_000)
        scene.removeAll()
        #expect(scene.count == 0)
        #expect(scene.bytesCount == 0)
    }

    @Test func `what is used stays when others come and go`() throws {
        let scene = try CacheScene(bytesMax: 256 * 1_024)
        let tenant = scene.identity.tenant()
        var isKept = true
        for number in 0..<5_000 {
            scene.insert(CacheScene.token(number), tenant)
            isKept = isKept && scene.isFound(CacheScene.token(0), tenant)
        }
        #expect(isKept)
    }

    @Test func `one tenant's flood leaves another's tokens where they are`() throws {
        let scene = try CacheScene(bytesMax: 256 * 1_024)
        let quiet = scene.identity.tenant(index: 1)
        let loud = scene.identity.tenant(index: 0)
        for number in 0..<20 { scene.insert(CacheScene.token(number), quiet) }
        for number in 0..<10_000 { scene.insert(CacheScene.token(number), loud) }
        var kept = 0
        for number in 0..<20 where scene.isFound(CacheScene.token(number), quiet) { kept += 1 }
        #expect(kept >= 18)
        #expect(scene.count > 200)
    }

    @Test func `the same token again takes no second place`() throws {
        let scene = try CacheScene()
        let tenant = scene.identity.tenant()
        for _ in 0..<100 { scene.insert(CacheScene.token(1), tenant) }
        #expect(scene.count == 1)
    }

    @Test func `growing loses nothing`() throws {
        let scene = try CacheScene()
        let tenant = scene.identity.tenant()
        for number in 0..<1_000 { scene.insert(CacheScene.token(number), tenant) }
        var lost = 0
        for number in 0..<1_000 where !scene.isFound(CacheScene.token(number), tenant) { lost += 1 }
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
