/// The roles that a token gives, after the tenant's mapping, each once.
struct RoleList {
    /// The names, one behind the other.
    private var bytes: [UInt8] = []

    /// Where each name ends.
    private var ends: [Int32] = []

    /// The most roles of one token; what follows is not looked at.
    static let namesMax = 256

    init(_ claims: JSONDocument, rules: CompiledTokenRules) {
        guard !rules.rolesPath.isEmpty, let node = claims.node(at: rules.rolesPath) else { return }
        if let text = claims.string(of: node) {
            for word in text.split(separator: 0x20) { take(word, rules) }
            return
        }
        for element in claims.elements(of: node) { take(element, in: claims, rules) }
    }

    /// Takes one element of the roles claim.
    private mutating func take(
        _ node: JSONNode,
        in claims: JSONDocument,
        _ rules: CompiledTokenRules
    ) {
        guard claims.kind(of: node) == .string else { return }
        if let range = claims.plainString(node) { return take(claims.bytes[range], rules) }
        if let text = claims.string(of: node) { take(text[...], rules) }
    }

    /// Takes one value of the roles claim.
    private mutating func take(_ value: ArraySlice<UInt8>, _ rules: CompiledTokenRules) {
        guard !rules.roleMapping.isEmpty else { return add(value) }
        for mapped in rules.roleMapping where value.elementsEqual(mapped.value) {
            for role in mapped.roles { add(role[...]) }
        }
    }

    private mutating func add(_ role: ArraySlice<UInt8>) {
        guard !role.isEmpty, ends.count < Self.namesMax, !contains(role) else { return }
        if ends.isEmpty {
            bytes.reserveCapacity(128)
            ends.reserveCapacity(8)
        }
        bytes += role
        ends.append(Int32(truncatingIfNeeded: bytes.count))
    }

    /// Whether `role` is among the roles.
    func contains(_ role: some RandomAccessCollection<UInt8>) -> Bool {
        for index in ends.indices where self[index].elementsEqual(role) { return true }
        return false
    }

    private subscript(index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])]
    }

    /// The names with a comma between them, without those that could be read as something else.
    var headerText: [UInt8] {
        var text: [UInt8] = []
        for index in ends.indices {
            let name = self[index]
            guard HeaderText.isSafe(name.span), !name.contains(0x2C) else { continue }
            if text.isEmpty {
                text.reserveCapacity(bytes.count + ends.count)
            } else {
                text.append(0x2C)
            }
            text += name
        }
        return text
    }
}
