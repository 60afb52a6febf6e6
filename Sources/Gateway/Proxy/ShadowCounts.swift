import Policy

/// How often the shadow policy agreed with the one in force, and where it did not.
struct ShadowCounts: Sendable {
    /// Requests that were decided alike, and that were not, by tenant.
    private(set) var same: [Int] = []
    private(set) var different: [Int] = []

    /// Those not decided alike, by what was decided.
    private(set) var differences: [Difference: Int] = [:]

    /// Those for which there was no place in `differences`.
    private(set) var uncounted = 0

    /// The most kinds of differences that one loop tells apart.
    static let differencesMax = 2_048

    /// One kind of difference.
    struct Difference: Hashable, Sendable {
        let tenant: Int

        /// A route of the policy in force; -1 when it has none.
        let route: Int

        /// A route of the shadow policy, for want of one of the other; else -1.
        let shadowRoute: Int
        let enforced: Refusal?
        let answer: ShadowAnswer

        /// The route's name; empty when neither policy has one.
        func routeName(_ snapshot: Snapshot) -> String {
            if route >= 0 { return snapshot.policy.routes[route].name }
            return shadowRoute >= 0 ? snapshot.shadow?.routes[shadowRoute].name ?? "" : ""
        }

        /// The same with the numbers of another configuration; `nil` when a name is gone.
        func moved(from old: Snapshot, to new: Snapshot) -> Difference? {
            guard let tenant = new.tenantPlaces[old.tenants[tenant].name] else { return nil }
            let name = routeName(old)
            var (place, shadowPlace) = (-1, -1)
            if route >= 0 {
                guard let found = new.routePlaces[name] else { return nil }
                place = found
            } else if shadowRoute >= 0 {
                let routes = new.shadow?.routes ?? []
                guard let found = routes.firstIndex(where: { $0.name == name }) else { return nil }
                shadowPlace = found
            }
            return Difference(
                tenant: tenant,
                route: place,
                shadowRoute: shadowPlace,
                enforced: enforced,
                answer: answer
            )
        }
    }

    /// Counts what became of one request; the configuration is the one that was adopted last.
    @inline(__always)
    mutating func count(_ exchange: borrowing Exchange) {
        guard let finding = exchange.shadow, exchange.tenant < same.count else { return }
        if finding.isSame {
            same[exchange.tenant] += 1
        } else {
            different[exchange.tenant] += 1
            count(finding, exchange.tenant, exchange.route)
        }
    }

    private mutating func count(_ finding: ShadowFinding, _ tenant: Int, _ route: Int) {
        let difference = Difference(
            tenant: tenant,
            route: route,
            shadowRoute: route < 0 ? Int(finding.route) : -1,
            enforced: finding.enforced,
            answer: finding.answer
        )
        if let count = differences[difference] {
            differences[difference] = count + 1
        } else if differences.count < Self.differencesMax {
            differences[difference] = 1
        } else {
            uncounted += 1
        }
    }

    /// Goes on under a new configuration; what has kept its name keeps its counts.
    mutating func adopt(_ snapshot: Snapshot, replacing old: Snapshot) {
        guard snapshot.shadow != nil else {
            self = ShadowCounts()
            return
        }
        var moved = ShadowCounts()
        moved.same = Array(repeating: 0, count: snapshot.tenants.count)
        moved.different = moved.same
        moved.uncounted = uncounted
        for tenant in same.indices {
            guard let place = snapshot.tenantPlaces[old.tenants[tenant].name] else { continue }
            moved.same[place] = same[tenant]
            moved.different[place] = different[tenant]
        }
        for (difference, count) in differences {
            guard let place = difference.moved(from: old, to: snapshot) else { continue }
            moved.differences[place, default: 0] += count
        }
        self = moved
    }
}
