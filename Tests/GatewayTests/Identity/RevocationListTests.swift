import Policy
import Testing

@testable import Gateway

@Suite("Revocation list")
struct RevocationListTests {
    static func table(_ text: String) throws -> RevocationTable {
        try #require(try RevocationText(Array(text.utf8)).table(entriesMax: 100)).table
    }

    static func principal(_ claims: String) throws -> Principal {
        let claims = try Claims(Array("{\"exp\":1,\(claims)}".utf8))
        let rules = CompiledTokenRules(IdentityScene.rules())
        return try Principal(claims, rules: rules, conditions: CompiledConditions([]))
    }

    @Test(
        "a caller is revoked by the token, the subject or the client",
        arguments: [
            ("t", true), ("s", true), ("c", true), ("x", false), ("token t", true),
            ("subject t", false), ("client t", false), ("subject s", true), ("token s", false),
            ("client c", true), ("subject c", false), ("jti:t", true), ("client:s", false),
        ]
    )
    func claims(_ text: String, _ isRevoked: Bool) throws {
        let tenant = try IdentityScene().tenant()
        let caller = try Self.principal(#""jti":"t","sub":"s","client_id":"c""#)
        let list = RevocationList(shared: [try Self.table(text)])
        #expect(list.revokes(caller, tenant: tenant) == isRevoked)
    }

    @Test func `escapes and absent claims are no way around`() throws {
        let tenant = try IdentityScene().tenant()
        let list = RevocationList(shared: [try Self.table("mallory\nclient s")])
        let escaped = try Self.principal(#""sub":"m\u0061llory""#)
        #expect(list.revokes(escaped, tenant: tenant))
        // Without a client claim the subject is the client.
        #expect(list.revokes(try Self.principal(#""sub":"s""#), tenant: tenant))
        #expect(!list.revokes(try Self.principal(#""azp":"x""#), tenant: tenant))
    }

    @Test func `a tenant's entries count for it alone, whatever its number`() throws {
        let scene = try IdentityScene()
        let caller = try Self.principal(#""sub":"s""#)
        let list = RevocationList(scoped: ["acme": [try Self.table("s")]])
        #expect(list.revokes(caller, tenant: scene.tenant(index: 0, name: "acme")))
        #expect(list.revokes(caller, tenant: scene.tenant(index: 5, name: "acme")))
        #expect(!list.revokes(caller, tenant: scene.tenant(index: 0, name: "beta")))
    }

    @Test func `empty tables make an empty list`() throws {
        let list = RevocationList(shared: [try Self.table("# x")], scoped: ["a": [], "b": []])
        #expect(list.isEmpty)
    }

    @Test func `a remembered token is looked up again for each list, and only then`() throws {
        let scene = try IdentityScene()
        let tenant = scene.tenant()
        let token = try scene.token(IdentityScene.claims(#","jti":"t-1""#))
        var validator = TokenValidator()
        #expect(validator.refusal(token, tenant) == nil)
        validator.revocations = RevocationList(generation: 1, shared: [try Self.table("t-1")])
        #expect(validator.refusal(token, tenant) == .revoked)
        #expect(validator.refusal(token, tenant) == .revoked)
        #expect(validator.hitsCount == 2)
        validator.revocations = RevocationList(generation: 2)
        #expect(validator.refusal(token, tenant) == nil)
        #expect(validator.hitsCount == 3)
        var fresh = TokenValidator(
            revocations: RevocationList(generation: 3, shared: [try Self.table("token t-1")])
        )
        #expect(fresh.refusal(token, tenant) == .revoked)
    }

    @Test func `a token that was looked up is revoked like any other`() throws {
        let tenant = try IdentityScene().opaqueTenant()
        let caller = try Self.principal(#""sub":"s""#)
        var validator = TokenValidator(
            revocations: RevocationList(generation: 1, shared: [try Self.table("sub s")])
        )
        let outcome = validator.validate(
            Array("opaque".utf8).span,
            tenant: tenant,
            lookedUp: .active(
                caller,
                usableUntil: IdentityScene.now + 60,
                rulesGeneration: tenant.rulesGeneration
            ),
            now: IdentityScene.now
        )
        guard case .refused(.revoked) = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }
}
