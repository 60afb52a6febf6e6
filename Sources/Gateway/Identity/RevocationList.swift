import Policy

/// The tokens, subjects and clients that are refused whatever their tokens say; never changed.
final class RevocationList: Sendable {
    /// A number that no two lists share.
    let generation: UInt64

    init(generation: UInt64 = 0) { self.generation = generation }

    /// Whether a caller of a tenant is on the list.
    func revokes(_ principal: Principal, tenant: Int) -> Bool { false }
}
