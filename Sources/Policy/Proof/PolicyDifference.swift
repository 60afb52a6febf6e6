/// One thing that is answered otherwise by one policy than by another.
public struct PolicyDifference: Hashable, Sendable {
    /// The tenant; `nil` for what is true of a route whoever is asked.
    public let tenant: String?

    /// The route's name.
    public let route: String

    /// Who is answered otherwise, or `match` for the requests that the route takes.
    public let subject: String

    /// What was.
    public let old: String

    /// What is.
    public let new: String

    /// The answer where there is no such route.
    private static let absent = "404 route-not-found"

    /// Compares two policies, for the tenants that both have.
    ///
    /// - Parameters:
    ///   - old: One policy.
    ///   - new: The other.
    ///   - roles: The roles to ask for, besides those that lines of either policy speak of.
    /// - Returns: Every tenant, route and caller whose answer differs, in the order of the new
    ///   policy; what only the old one has comes last.
    public static func between(
        _ old: CompiledPolicy,
        _ new: CompiledPolicy,
        roles: [String]
    ) -> [PolicyDifference] {
        let callers = callers(old, new, roles)
        let tenants = commonTenants(old, new)
        let (before, after) = (AnswerTable(old, callers), AnswerTable(new, callers))
        let olds = Dictionary(uniqueKeysWithValues: zip(old.routes.map(\.name), old.routes.indices))
        let news = Set(new.routes.map(\.name))
        var pairs: [(old: Int?, new: Int?)] = new.routes.indices.map {
            (olds[new.routes[$0].name], $0)
        }
        pairs += old.routes.indices.filter { !news.contains(old.routes[$0].name) }.map { ($0, nil) }
        return pairs.flatMap { pair in
            matches(old, pair.old, new, pair.new)
                + tenants.flatMap { tenant in
                    callers.indices.compactMap { caller in
                        answers(before, pair.old, after, pair.new, tenant, caller)
                    }
                }
        }
    }

    private static func callers(
        _ old: CompiledPolicy,
        _ new: CompiledPolicy,
        _ roles: [String]
    ) -> [PolicyCaller] {
        var names = Set(roles)
        for condition in [old, new].flatMap(\.ownConditions).joined()
            + old.sharedConditions + new.sharedConditions
        {
            if case .role(let role) = condition { names.insert(role) }
        }
        return [.stranger, .anybody] + names.sorted().map(PolicyCaller.role)
    }

    /// The tenants of both, with the index in each.
    private static func commonTenants(
        _ old: CompiledPolicy,
        _ new: CompiledPolicy
    ) -> [(name: String, old: Int, new: Int)] {
        let olds = Dictionary(
            uniqueKeysWithValues: zip(old.tenantNames, old.tenantNames.indices)
        )
        return new.tenantNames.enumerated().compactMap { index, name in
            olds[name].map { (name, $0, index) }
        }
    }

    /// What requests the route takes.
    private static func matches(
        _ old: CompiledPolicy,
        _ oldRoute: Int?,
        _ new: CompiledPolicy,
        _ newRoute: Int?
    ) -> [PolicyDifference] {
        func text(_ route: CompiledRoute?) -> String {
            guard let route else { return "no route" }
            return route.matches.map { "\($0.method) \($0.template)" }.sorted()
                .joined(separator: ", ")
        }
        let before = oldRoute.map { old.routes[$0] }
        let after = newRoute.map { new.routes[$0] }
        guard text(before) != text(after), let name = (after ?? before)?.name else { return [] }
        return [
            PolicyDifference(
                tenant: nil,
                route: name,
                subject: "match",
                old: text(before),
                new: text(after)
            )
        ]
    }

    private static func answers(
        _ old: AnswerTable,
        _ oldRoute: Int?,
        _ new: AnswerTable,
        _ newRoute: Int?,
        _ tenant: (name: String, old: Int, new: Int),
        _ caller: Int
    ) -> PolicyDifference? {
        let before = oldRoute.map { old.answer(route: $0, tenant: tenant.old, caller: caller) }
        let after = newRoute.map { new.answer(route: $0, tenant: tenant.new, caller: caller) }
        let name =
            newRoute.map { new.policy.routes[$0].name }
            ?? oldRoute.map { old.policy.routes[$0].name }
        guard before != after, let name else { return nil }
        return PolicyDifference(
            tenant: tenant.name,
            route: name,
            subject: new.callers[caller].text,
            old: before ?? absent,
            new: after ?? absent
        )
    }
}

/// What callers are answered; worked out once for the tenants whose lines say what the policy's do.
private struct AnswerTable {
    let policy: CompiledPolicy
    let callers: [PolicyCaller]

    /// By route, then by caller.
    private let shared: [[String]]

    init(_ policy: CompiledPolicy, _ callers: [PolicyCaller]) {
        self.policy = policy
        self.callers = callers
        shared = policy.routes.indices.map { route in
            callers.map { policy.answer(route: route, tenant: nil, caller: $0) }
        }
    }

    func answer(route: Int, tenant: Int, caller: Int) -> String {
        policy.rules.ruleSet(ofRoute: route, tenant: tenant) == policy.rules.routes[route]
            ? shared[route][caller]
            : policy.answer(route: route, tenant: tenant, caller: callers[caller])
    }
}
