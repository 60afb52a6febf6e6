extension CompiledConditions {
    /// Works out which conditions hold for a caller.
    func facts(claims: JSONDocument, roles: RoleList, client: [UInt8]) -> FactSet {
        var facts = FactSet()
        for role in self.roles where roles.names.contains(role.wanted) { facts.insert(role.fact) }
        for name in clients where !client.isEmpty && name.wanted == client {
            facts.insert(name.fact)
        }
        if !scopes.isEmpty {
            let held = Self.scopes(of: claims)
            for scope in scopes where held.contains(scope.wanted) { facts.insert(scope.fact) }
        }
        for claim in self.claims where Self.holds(claim.wanted, in: claims) {
            facts.insert(claim.fact)
        }
        return facts
    }

    /// The values of `scope`, RFC 8693 section 4.2, or else of `scp`.
    private static func scopes(of claims: JSONDocument) -> [[UInt8]] {
        guard
            let node = claims.member("scope", of: claims.root)
                ?? claims.member("scp", of: claims.root)
        else { return [] }
        if let text = claims.string(of: node) {
            return text.split(separator: 0x20).map { Array($0) }
        }
        return claims.elements(of: node).compactMap { claims.string(of: $0) }
    }

    private static func holds(_ wanted: ClaimValue, in claims: JSONDocument) -> Bool {
        guard let node = claims.node(at: wanted.path) else { return false }
        if claims.says(node, wanted.value) { return true }
        for element in claims.elements(of: node) where claims.says(element, wanted.value) {
            return true
        }
        return false
    }
}
