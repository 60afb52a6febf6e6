import Policy
import Testing

@testable import Gateway

@Suite("Claims from the command line")
struct TrustedClaimsTests {
    private static let times = [("iat", JSONText.number(1)), ("exp", JSONText.number(2))]

    @Test(
        "what is missing is added, what is there stays",
        arguments: [
            ("{}", #"{"iat":1,"exp":2}"#), (#"{"a":{}}"#, #"{"a":{},"iat":1,"exp":2}"#),
            (#"{"exp":9}"#, #"{"exp":9,"iat":1}"#),
            (#" {"exp":9,"iat":8} "#, #" {"exp":9,"iat":8}"#), ("{ }", #"{ "iat":1,"exp":2}"#),
        ]
    )
    func additions(_ given: String, _ text: String) throws {
        #expect(try #require(TrustedClaims(adding: Self.times, to: given)).text == text)
    }

    @Test("what is no object is refused", arguments: ["", "[]", "1", "{", #"{"a":1,"a":2}"#])
    func malformed(_ given: String) { #expect(TrustedClaims(adding: Self.times, to: given) == nil) }

    @Test("the claims wanted pass every check")
    func wanted() throws {
        var rules = TokenRules(issuer: "https://idp.example/", audiences: ["a", "b"])
        rules.lifetimeSecondsMax = 60
        rules.tenantBinding = .init(path: ["org", "id"], value: "7")
        let members = TrustedClaims.wanted(by: rules, now: 1_000)
        let text = try #require(TrustedClaims(adding: members, to: "{}")).text
        let findings = ClaimRules.findings(
            try Claims(Array(text.utf8)),
            rules: CompiledTokenRules(rules),
            now: 1_000
        )
        #expect(findings.allSatisfy { $0.refusal == nil })
    }
}
