/// The conditions of a policy, sorted by kind, with the number of each.
public struct CompiledConditions: Sendable {
    let roles: [Numbered<[UInt8]>]
    let scopes: [Numbered<[UInt8]>]
    let clients: [Numbered<[UInt8]>]
    let claims: [Numbered<ClaimValue>]

    /// A condition and its fact.
    struct Numbered<Wanted: Sendable>: Sendable {
        let fact: Int
        let wanted: Wanted
    }

    /// A claim and the value wanted.
    struct ClaimValue: Sendable {
        let path: [[UInt8]]
        let value: [UInt8]

        /// Whether a word of a string suffices, and a single value does not.
        let isElement: Bool

        init(_ path: [String], _ test: ClaimTest) {
            self.path = path.map { Array($0.utf8) }
            switch test {
            case .equals(let value):
                self.value = Array(value.utf8)
                isElement = false
            case .contains(let value):
                self.value = Array(value.utf8)
                isElement = true
            }
        }
    }

    /// Compiles `conditions`; the index of each is its fact, below `FactSet.factsMax`.
    public init(_ conditions: [Condition]) {
        precondition(conditions.count <= FactSet.factsMax)
        var roles: [Numbered<[UInt8]>] = []
        var scopes: [Numbered<[UInt8]>] = []
        var clients: [Numbered<[UInt8]>] = []
        var claims: [Numbered<ClaimValue>] = []
        for (fact, condition) in conditions.enumerated() {
            switch condition {
            case .role(let name): roles.append(Numbered(fact: fact, wanted: Array(name.utf8)))
            case .scope(let name): scopes.append(Numbered(fact: fact, wanted: Array(name.utf8)))
            case .client(let name): clients.append(Numbered(fact: fact, wanted: Array(name.utf8)))
            case .claim(let path, let test):
                claims.append(Numbered(fact: fact, wanted: ClaimValue(path, test)))
            case .from: continue
            }
        }
        self.roles = roles
        self.scopes = scopes
        self.clients = clients
        self.claims = claims
    }
}
