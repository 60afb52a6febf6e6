/// Where allow and deny lines stand, and the scopes that they ask for: what is said of a decision,
/// and never needed to decide.
struct WrittenLines: Sendable {
    /// The lines of one route, or of a tenant's override of one: deny lines, then allow lines.
    struct Run: Sendable {
        /// The index in `positions` of the first.
        var start: UInt32

        /// The index in `scopes` of what a challenge names.
        var scopes: UInt32
    }

    /// The lines that a tenant has for a route.
    private struct Override: Sendable {
        var route: UInt32
        var run: Run
    }

    private var positions: [SourcePosition] = []

    /// Space-separated scopes; the first is empty.
    private var scopes: [[UInt8]] = [[]]

    /// The lines of each route, as the policy has them.
    private var routes: [Run] = []

    /// The overrides of tenant `t` are those at `starts[t]..<starts[t + 1]`, ascending by route.
    private var starts: [UInt32] = [0]
    private var overrides: [Override] = []

    /// The lines that count on a route for a tenant; `nil` asks for the policy's own.
    func lines(ofRoute route: Int, tenant: Int?) -> Run {
        guard let tenant else { return routes[route] }
        var low = Int(starts[tenant])
        var high = Int(starts[tenant + 1])
        while low < high {
            let middle = (low + high) / 2
            let candidate = Int(overrides[middle].route)
            if candidate == route { return overrides[middle].run }
            if candidate < route { low = middle + 1 } else { high = middle }
        }
        return routes[route]
    }

    /// The routes for which a tenant has lines of its own, ascending.
    func overriddenRoutes(ofTenant tenant: Int) -> [Int] {
        overrides[Int(starts[tenant])..<Int(starts[tenant + 1])].map { Int($0.route) }
    }

    /// Where the line at `index` of a run stands.
    func position(ofLine index: Int, in run: Run) -> SourcePosition {
        positions[Int(run.start) + index]
    }

    /// What a challenge names.
    func scopes(of run: Run) -> [UInt8] { scopes[Int(run.scopes)] }
}

// MARK: - Building

extension WrittenLines {
    /// Adds the lines of a route, or of a tenant's override of one.
    mutating func add(_ lines: RuleLines) -> Run {
        let start = UInt32(truncatingIfNeeded: positions.count)
        for line in lines.denies { positions.append(line.position) }
        for line in lines.allows { positions.append(line.position) }
        return Run(start: start, scopes: addScopes(of: lines.allows))
    }

    /// Adds the lines of the next route; `nil` when they could not be added.
    mutating func addRoute(_ run: Run?) { routes.append(run ?? Run(start: 0, scopes: 0)) }

    /// Adds the overrides of the next tenant, by route.
    mutating func addTenant(_ runs: [Int: Run]) {
        for (route, run) in runs.sorted(by: { $0.key < $1.key }) {
            overrides.append(Override(route: UInt32(truncatingIfNeeded: route), run: run))
        }
        starts.append(UInt32(truncatingIfNeeded: overrides.count))
    }

    /// Keeps the scopes of the first allow line that asks for any: all of them together are one
    /// way to satisfy it, which is what a challenge should name (RFC 6750 section 3).
    private mutating func addScopes(of allows: [RuleLine]) -> UInt32 {
        for line in allows {
            let wanted = line.clauses.joined().compactMap { condition -> String? in
                if case .scope(let scope) = condition { scope } else { nil }
            }
            guard !wanted.isEmpty else { continue }
            scopes.append(Array(wanted.joined(separator: " ").utf8))
            return UInt32(truncatingIfNeeded: scopes.count - 1)
        }
        return 0
    }
}
