import Policy
import Testing

@Suite("Proof claims")
struct ProofClaimsTests {
    static let now: Int64 = 1_700_000_000

    private func claims(_ text: String) throws -> ProofClaims {
        try ProofClaims(Array(text.utf8))
    }

    static let times: [(String, Bool)] = [
        ("\(now)", true), ("\(now - 90)", true), ("\(now - 91)", false), ("\(now + 30)", true),
        ("\(now + 31)", false), ("\(now - 90).9", true), ("\(now + 30).1", false),
        ("\"\(now)\"", false), ("null", false), ("1e400", false), ("-1e400", false), ("0", false),
    ]

    @Test("a proof is taken from 30 s before its iat to 90 s after it", arguments: times)
    func window(_ time: String, _ isTaken: Bool) throws {
        #expect(try (claims(#"{"iat":\#(time)}"#).staleTime(at: Self.now) != nil) == isTaken)
    }

    @Test func `a proof is remembered until the first second at which it is not taken`() throws {
        let claims = try claims(#"{"iat":\#(Self.now)}"#)
        let stale = try #require(claims.staleTime(at: Self.now))
        #expect(claims.staleTime(at: stale - 1) == stale)
        #expect(claims.staleTime(at: stale) == nil)
    }

    static let bounds: [(String, Bool)] = [
        (#""exp":\#(now + 1)"#, true), (#""exp":\#(now - 30)"#, false), (#""exp":"x""#, false),
        (#""nbf":\#(now)"#, true), (#""nbf":\#(now + 31)"#, false), (#""nbf":true"#, false),
    ]

    @Test("an exp and an nbf count when they are there", arguments: bounds)
    func otherTimes(_ member: String, _ isTaken: Bool) throws {
        let claims = try claims(#"{"iat":\#(Self.now),\#(member)}"#)
        #expect((claims.staleTime(at: Self.now) != nil) == isTaken)
    }

    static let identifiers: [(String, Bool)] = [
        (#"{"jti":"x"}"#, true), (#"{"jti":""}"#, false), ("{}", false), (#"{"jti":1}"#, false),
        (#"{"jti":["x"]}"#, false),
        (#"{"jti":"\#(String(repeating: "x", count: 256))"}"#, true),
        (#"{"jti":"\#(String(repeating: "x", count: 257))"}"#, false),
    ]

    @Test("a jti is a string of 1 to 256 bytes", arguments: identifiers)
    func identifier(_ text: String, _ isTaken: Bool) throws {
        #expect(try (claims(text).identifier != nil) == isTaken)
    }

    @Test func `the method is compared exactly`() throws {
        let claims = try claims(#"{"htm":"GET"}"#)
        let number = try self.claims(#"{"htm":7}"#)
        #expect(!names(number, method: "7"))
        for (method, isTaken) in [
            ("GET", true), ("get", false), ("GETS", false), ("GE", false), ("POST", false),
            ("", false),
        ] {
            #expect(names(claims, method: method) == isTaken)
        }
    }

    @Test func `the target is one of the origins and the path`() throws {
        let claims = try claims(#"{"htu":"https://a.example/x?q"}"#)
        #expect(names(claims, path: "/x", ["https://b.example", "https://a.example"]))
        #expect(!names(claims, path: "/x", ["https://a.example:8443"]))
        #expect(!names(claims, path: "/x", ["http://a.example"]))
        #expect(!names(claims, path: "/x", []))
        #expect(!names(claims, path: "/x/", ["https://a.example"]))
    }

    private func names(_ claims: ProofClaims, method: String) -> Bool {
        let method = Array(method.utf8)
        return claims.names(method: method.span)
    }

    private func names(_ claims: ProofClaims, path: String, _ origins: [String]) -> Bool {
        let path = Array(path.utf8)
        return claims.names(path: path.span, under: origins)
    }

    @Test(
        "what is no JSON object is refused",
        arguments: ["", "[]", "1", #"{"jti":"a","jti":"b"}"#]
    )
    func shape(_ text: String) {
        #expect(throws: TokenRefusal.proof) { _ = try claims(text) }
    }
}
