/// The `from` conditions of one tenant, with the number of each.
struct AddressConditions: Sendable {
    private let ranges: [(fact: Int, range: AddressRange)]

    /// Those of each tenant; none at all when no line of anybody asks for an address.
    static func ofTenants(_ shared: [Condition], _ own: [[Condition]]) -> [AddressConditions] {
        let first = AddressConditions(shared, from: 0)
        let all = own.map { conditions in
            let added = AddressConditions(conditions, from: shared.count)
            return added.ranges.isEmpty ? first : first.followed(by: added)
        }
        return all.contains { !$0.ranges.isEmpty } ? all : []
    }

    /// Takes the address conditions out of `conditions`, which are numbered from `number`.
    private init(_ conditions: [Condition], from number: Int) {
        self.init(
            ranges: conditions.enumerated().compactMap { index, condition in
                if case .from(let range) = condition { (number + index, range) } else { nil }
            }
        )
    }

    private init(ranges: [(fact: Int, range: AddressRange)]) { self.ranges = ranges }

    private func followed(by other: AddressConditions) -> AddressConditions {
        AddressConditions(ranges: ranges + other.ranges)
    }

    /// What holds of a connection from `address`.
    func facts(of address: NetworkAddress) -> FactSet {
        var facts = FactSet()
        for (fact, range) in ranges where range.contains(address) { facts.insert(fact) }
        return facts
    }
}
