import Policy

/// What a tenant's tokens are checked against; a change of anything makes a new one.
final class TenantIdentity: Sendable {
    /// The tenant's place in the configuration.
    let index: Int

    let rules: CompiledTokenRules

    /// The conditions of the tenant's policy, numbered.
    let conditions: CompiledConditions

    /// A number that is never given to two different pairs of rules and conditions.
    let rulesGeneration: UInt64

    /// The most bytes of a token.
    let tokenBytesMax: Int

    /// The issuer's keys; `nil` when there are none, or none young enough.
    let keys: KeySet?

    init(
        index: Int,
        rules: CompiledTokenRules,
        conditions: CompiledConditions,
        rulesGeneration: UInt64,
        tokenBytesMax: Int = 8 * 1_024,
        keys: KeySet?
    ) {
        self.index = index
        self.rules = rules
        self.conditions = conditions
        self.rulesGeneration = rulesGeneration
        self.tokenBytesMax = tokenBytesMax
        self.keys = keys
    }

    /// The same tenant with other keys.
    func with(keys: KeySet?) -> TenantIdentity {
        TenantIdentity(
            index: index,
            rules: rules,
            conditions: conditions,
            rulesGeneration: rulesGeneration,
            tokenBytesMax: tokenBytesMax,
            keys: keys
        )
    }
}
