import Policy

/// The tokens, subjects and clients that are refused whatever their tokens say; never changed.
final class RevocationList: Sendable {
    /// A number that no two lists share; later ones have higher ones.
    let generation: UInt64

    /// What counts for every tenant.
    private let shared: [RevocationTable]

    /// What counts for one tenant, by its name: its number changes with the configuration.
    private let scoped: [String: [RevocationTable]]

    /// Whether nobody is on it.
    let isEmpty: Bool

    init(
        generation: UInt64 = 0,
        shared: [RevocationTable] = [],
        scoped: [String: [RevocationTable]] = [:]
    ) {
        self.generation = generation
        self.shared = shared.filter { !$0.isEmpty }
        self.scoped = scoped.mapValues { $0.filter { !$0.isEmpty } }.filter { !$0.value.isEmpty }
        isEmpty = self.shared.isEmpty && self.scoped.isEmpty
    }

    /// Whether a caller of a tenant is on the list.
    func revokes(_ principal: Principal, tenant: TenantIdentity) -> Bool {
        guard !isEmpty else { return false }
        for table in shared where table.revokes(principal) { return true }
        guard !scoped.isEmpty, let tables = scoped[tenant.name] else { return false }
        for table in tables where table.revokes(principal) { return true }
        return false
    }
}
