/// The `from` conditions of one tenant, with the number of each.
struct AddressConditions: Sendable {
    private let ranges: [(fact: Int, range: AddressRange)]

    /// Takes the address conditions out of `conditions`; the index of each is its fact.
    init(_ conditions: [Condition]) {
        ranges = conditions.enumerated().compactMap { fact, condition in
            if case .from(let range) = condition { (fact, range) } else { nil }
        }
    }

    var isEmpty: Bool { ranges.isEmpty }

    /// What holds of a connection from `address`.
    func facts(of address: NetworkAddress) -> FactSet {
        var facts = FactSet()
        for (fact, range) in ranges where range.contains(address) { facts.insert(fact) }
        return facts
    }
}
