import Policy
import Testing

@testable import Gateway

@Suite("RulesGenerations")
struct RulesGenerationsTests {
    private typealias Ruleset = RulesGenerations.Ruleset

    private static func ruleset(
        tenant: String = "acme",
        rules: TokenRules = IdentityScene.rules(),
        conditions: [Condition] = [.role("admin"), .scope("write")],
        looksUp: Bool = false
    ) -> Ruleset {
        Ruleset(tenant: tenant, rules: rules, conditions: conditions, looksUp: looksUp)
    }

    @Test func `rules that are the same keep their number`() {
        var generations = RulesGenerations()
        let other = Self.ruleset(tenant: "other")
        let first = generations.renew([Self.ruleset(), nil, other])
        #expect(Set(first).count == 3)
        #expect(generations.renew([Self.ruleset(), nil, other]) == first)
    }

    @Test func `anything else gives a new number, and so does a tenant that looks tokens up`() {
        var rules = IdentityScene.rules()
        rules.audiences = ["https://other"]
        let changed = [
            Self.ruleset(tenant: "other"),
            Self.ruleset(rules: rules),
            Self.ruleset(conditions: [.scope("write"), .role("admin")]),
            Self.ruleset(looksUp: true),
            Self.ruleset(looksUp: true),
        ]
        var generations = RulesGenerations()
        var seen: Set = [generations.renew([Self.ruleset()])]
        for ruleset in changed {
            #expect(seen.insert(generations.renew([ruleset])).inserted)
        }
    }

    @Test func `rules that come back get a new number, for others were in force meanwhile`() {
        var generations = RulesGenerations()
        let first = generations.renew([Self.ruleset()])
        #expect(generations.renew([nil]) == [0])
        #expect(generations.renew([Self.ruleset()]) != first)
    }

    @Test func `a tenant that moves to another index gets a new number`() {
        var generations = RulesGenerations()
        let first = generations.renew([Self.ruleset(), Self.ruleset(tenant: "other")])
        let second = generations.renew([Self.ruleset(tenant: "other"), Self.ruleset()])
        #expect(Set(first).isDisjoint(with: second))
    }
}
