import HTTP
import Policy
import Testing

@testable import Gateway

@Suite("What events tell of a caller")
struct AskedScopesTests {
    /// What a START says of the holder of a token with these claims.
    private func caller(
        _ claims: String,
        asked: [Condition] = [],
        shadow: [Condition] = []
    ) throws -> String {
        var rules = TokenRules(issuer: "i", audiences: ["a"])
        rules.rolesPath = ["roles"]
        let principal = try Principal(
            Claims(Array("{\"exp\":1,\(claims)}".utf8)),
            rules: CompiledTokenRules(rules),
            conditions: CompiledConditions(asked),
            shadow: CompiledConditions(shadow)
        )
        var buffer = OutputBuffer(capacity: EventLimits.detailsBytesMax)
        buffer.append(caller: principal, AskedScopes(asked, shadow: shadow))
        let overflowed = buffer.overflowed
        #expect(!overflowed)
        return String(decoding: buffer.span.copied, as: UTF8.self)
    }

    @Test func `roles are there, and of the scope what a policy asks for`() throws {
        #expect(
            try caller(
                #""roles":["issuer","x"],"scope":"openid offers:write s3cret","dept":"s3cret""#,
                asked: [.role("issuer"), .scope("offers:write"), .scope("reports")],
                shadow: [.scope("reports"), .scope("openid"), .claim(path: ["dept"], .equals("x"))]
            )
                == #","caller":{"roles":["issuer","x"],"scope":"offers:write openid","#
                + #""withoutScope":"reports"}"#
        )
    }

    @Test func `a caller without anything has no roles`() throws {
        #expect(try caller(#""sub":"s""#) == #","caller":{"roles":[]}"#)
        #expect(
            try caller(#""sub":"s""#, asked: [.scope("a")])
                == #","caller":{"roles":[],"withoutScope":"a"}"#
        )
    }

    @Test func `a hostile role stays a role`() throws {
        #expect(
            try caller(#""roles":["a\"]}","b,c","c\\d"]"#)
                == #","caller":{"roles":["a\"]}","c\\d"]}"#
        )
    }

    @Test func `what is too much is left out, and said so`() throws {
        let roles = (0..<200).map { "\"role-number-\($0)\"" }.joined(separator: ",")
        let many = try caller("\"roles\":[\(roles)]")
        #expect(many.hasSuffix(#"],"cut":true}"#))
        #expect(many.contains(#""role-number-40""#))
        #expect(many.utf8.count < EventLimits.rolesBytesMax + 64)
        let asked = (0..<200).map { Condition.scope("scope-number-\($0)") }
        let none = try caller(#""sub":"s""#, asked: asked)
        #expect(none.hasSuffix(#"","cut":true}"#))
        #expect(none.utf8.count < EventLimits.scopesBytesMax + 96)
        let quotes = String(repeating: #"\""#, count: 700)
        #expect(
            try caller("\"roles\":[\"\(quotes)\",\"b\"]") == #","caller":{"roles":[],"cut":true}"#
        )
    }

    @Test func `the largest of everything fits`() throws {
        let template = "/" + String(repeating: "x", count: 1_023)
        #expect(EventScope.pathMember(template).count == EventLimits.pathBytesMax + 10)
        #expect(EventScope.pathMember(template + "x").isEmpty)
        let most =
            EventLimits.pathBytesMax + 10 + EventLimits.rolesBytesMax
            + 2 * EventLimits.scopesBytesMax + 80
        #expect(most <= EventLimits.detailsBytesMax)
    }
}
