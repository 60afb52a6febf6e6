extension CompiledConditions {
    /// Works out which conditions hold for a caller.
    func facts(claims known: borrowing Claims, roles: RoleList, client: [UInt8]) -> FactSet {
        let claims = known.document
        var facts = FactSet()
        for role in self.roles where roles.contains(role.wanted) { facts.insert(role.fact) }
        for name in clients where !client.isEmpty && name.wanted == client {
            facts.insert(name.fact)
        }
        // `scope`, RFC 8693 section 4.2, or else `scp`.
        if !scopes.isEmpty, let held = known[.scope] ?? known[.scopes] {
            for scope in scopes where claims.lists(held, scope.wanted) { facts.insert(scope.fact) }
        }
        for claim in self.claims where Self.holds(claim.wanted, in: claims) {
            facts.insert(claim.fact)
        }
        return facts
    }

    private static func holds(_ wanted: ClaimValue, in claims: JSONDocument) -> Bool {
        guard let node = claims.node(at: wanted.path) else { return false }
        if wanted.isElement, claims.kind(of: node) == .string {
            return claims.lists(node, wanted.value)
        }
        if !wanted.isElement, claims.says(node, wanted.value) { return true }
        for element in claims.elements(of: node) where claims.says(element, wanted.value) {
            return true
        }
        return false
    }
}
