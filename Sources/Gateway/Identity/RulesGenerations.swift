import Policy

/// Gives each tenant's rules a number, the same again as long as the rules are.
///
/// So a token that was found good is remembered through a reload that does not concern it, and a
/// reload does not have every token verified anew at once. What an authorization server said is
/// forgotten at each reload: a tenant whose tokens are looked up always gets a new number.
struct RulesGenerations: Sendable {
    /// All that decides what becomes of a tenant's token, but for the keys and the time.
    struct Ruleset: Hashable, Sendable {
        let tenant: String
        let rules: TokenRules
        let conditions: [Condition]

        /// Whether an authorization server is asked about opaque tokens.
        let looksUp: Bool

        /// The conditions of the shadow policy.
        var shadowConditions: [Condition] = []
    }

    private struct Numbered: Sendable {
        let ruleset: Ruleset
        let generation: UInt64
    }

    /// By the tenant's index; `nil` for one that takes no tokens.
    private var known: [Numbered?] = []
    private var last: UInt64 = 0

    /// Numbers the rules of all tenants of a configuration.
    ///
    /// - Parameter rulesets: The rules by the tenant's index; `nil` for one that takes no tokens.
    /// - Returns: A number for each, 0 for none. A number never stands for two different rulesets.
    mutating func renew(_ rulesets: [Ruleset?]) -> [UInt64] {
        var renewed: [Numbered?] = []
        for (index, ruleset) in rulesets.enumerated() {
            let old = index < known.count ? known[index] : nil
            let isKept = ruleset == old?.ruleset && ruleset?.looksUp != true
            renewed.append(
                ruleset.map { ruleset in
                    // The new copy: the old one's memory lies among that of a configuration gone.
                    guard isKept, let old else { return number(ruleset) }
                    return Numbered(ruleset: ruleset, generation: old.generation)
                }
            )
        }
        known = renewed
        return renewed.map { $0?.generation ?? 0 }
    }

    private mutating func number(_ ruleset: Ruleset) -> Numbered {
        last += 1
        return Numbered(ruleset: ruleset, generation: last)
    }
}
