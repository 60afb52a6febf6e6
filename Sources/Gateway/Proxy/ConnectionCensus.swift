import Synchronization

/// How many connections there are, in all and from each address, over all loops.
final class ConnectionCensus: Sendable {
    private struct Counts {
        var total = 0
        var byAddress: [AddressKey: Int] = [:]
    }

    private let counts = Mutex(Counts())

    /// Counts a connection in; false, and not counted, when a limit is reached.
    func admit(_ address: AddressKey, limits: Configuration.Limits) -> Bool {
        counts.withLock { counts in
            let same = counts.byAddress[address, default: 0]
            guard counts.total < limits.connectionsMax, same < limits.connectionsPerAddressMax
            else { return false }
            counts.total += 1
            counts.byAddress[address] = same + 1
            return true
        }
    }

    /// Counts a connection out.
    func leave(_ address: AddressKey) {
        counts.withLock { counts in
            counts.total -= 1
            guard let same = counts.byAddress[address] else { return }
            counts.byAddress[address] = same > 1 ? same - 1 : nil
        }
    }

    /// The connections there are.
    var total: Int { counts.withLock { $0.total } }
}
