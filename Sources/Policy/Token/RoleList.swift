/// The roles that a token gives, after the tenant's mapping, each once.
struct RoleList {
    private(set) var names: [[UInt8]] = []

    /// The most roles of one token; what follows is not looked at.
    static let namesMax = 256

    init(_ claims: JSONDocument, rules: CompiledTokenRules) {
        guard !rules.rolesPath.isEmpty, let node = claims.node(at: rules.rolesPath) else { return }
        if let text = claims.string(of: node) {
            for word in text.split(separator: 0x20) { take(Array(word), rules) }
            return
        }
        for element in claims.elements(of: node) {
            if let text = claims.string(of: element) { take(text, rules) }
        }
    }

    /// Takes one value of the roles claim.
    private mutating func take(_ value: [UInt8], _ rules: CompiledTokenRules) {
        guard !rules.roleMapping.isEmpty else { return add(value) }
        for mapped in rules.roleMapping where mapped.value == value {
            for role in mapped.roles { add(role) }
        }
    }

    private mutating func add(_ role: [UInt8]) {
        guard !role.isEmpty, names.count < Self.namesMax, !names.contains(role) else { return }
        names.append(role)
    }

    /// The names with a comma between them, without those that could be read as something else.
    var headerText: [UInt8] {
        var text: [UInt8] = []
        for name in names where HeaderText.isSafe(name.span) && !name.contains(0x2C) {
            if !text.isEmpty { text.append(0x2C) }
            text += name
        }
        return text
    }
}
