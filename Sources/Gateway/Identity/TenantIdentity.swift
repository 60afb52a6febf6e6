import Policy

/// What a tenant's tokens are checked against; a change of anything makes a new one.
final class TenantIdentity: Sendable {
    /// The tenant's place in the configuration.
    let index: Int

    /// The tenant's name, by which its revocations go.
    let name: String

    let rules: CompiledTokenRules

    /// The conditions of the tenant's policy, numbered.
    let conditions: CompiledConditions

    /// The conditions of the tenant's shadow policy, numbered; `nil` without one.
    let shadowConditions: CompiledConditions?

    /// A number that is never given to two different pairs of rules and conditions.
    let rulesGeneration: UInt64

    /// The most bytes of a token.
    let tokenBytesMax: Int

    /// What is asked of proofs of possession.
    let proofs: Configuration.ProofRules

    /// Where opaque tokens are asked for; `nil` when the tenant takes none.
    let introspection: Configuration.Introspection?

    /// The issuer's keys, as they stand.
    let standing: KeyStanding

    /// The issuer's keys; `nil` when there are none, or none young enough.
    var keys: KeySet? { standing.keys }

    init(
        index: Int,
        name: String,
        rules: CompiledTokenRules,
        conditions: CompiledConditions,
        shadowConditions: CompiledConditions? = nil,
        rulesGeneration: UInt64,
        tokenBytesMax: Int = 8 * 1_024,
        proofs: Configuration.ProofRules = Configuration.ProofRules(),
        introspection: Configuration.Introspection? = nil,
        standing: KeyStanding
    ) {
        self.index = index
        self.name = name
        self.rules = rules
        self.conditions = conditions
        self.shadowConditions = shadowConditions
        self.rulesGeneration = rulesGeneration
        self.tokenBytesMax = tokenBytesMax
        self.proofs = proofs
        self.introspection = introspection
        self.standing = standing
    }

    /// The same tenant with other keys.
    func with(_ standing: KeyStanding) -> TenantIdentity {
        TenantIdentity(
            index: index,
            name: name,
            rules: rules,
            conditions: conditions,
            shadowConditions: shadowConditions,
            rulesGeneration: rulesGeneration,
            tokenBytesMax: tokenBytesMax,
            proofs: proofs,
            introspection: introspection,
            standing: standing
        )
    }
}
