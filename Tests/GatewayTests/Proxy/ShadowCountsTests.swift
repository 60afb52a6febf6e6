import Policy
import Testing

@testable import Gateway

@Suite("What a shadow policy found")
struct ShadowCountsTests {
    static let findings: [(Refusal?, ShadowAnswer, Bool)] = [
        (nil, .allow, true), (nil, .denied, false), (nil, .unknownCaller, false),
        (nil, .credentialsMissing, false), (.denied, .denied, true), (.denied, .roleMissing, false),
        (.roleMissing, .roleMissing, true), (.roleMissing, .allow, false),
        (.routeNotFound, .routeNotFound, true), (.routeNotFound, .methodNotAllowed, false),
        (.methodNotAllowed, .methodNotAllowed, true), (.routeNotFound, .allow, false),
        (.tokenExpired, .credentialsRefused, true), (.tokenExpired, .allow, false),
        (.credentialsMissing, .credentialsRefused, true),
        (.credentialsMissing, .routeNotFound, false),
    ]

    @Test("two answers differ when their codes do", arguments: findings)
    func difference(_ enforced: Refusal?, _ answer: ShadowAnswer, _ isSame: Bool) {
        let finding = ShadowFinding(enforced: enforced, answer: answer, route: -1)
        #expect(finding.isSame == isSame)
        #expect(finding.difference.map { "\($0)" } == (isSame ? nil : "\(answer.code)"))
    }
}
