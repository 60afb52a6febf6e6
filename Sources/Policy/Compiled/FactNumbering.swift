/// Gives each distinct condition its number.
struct FactNumbering {
    /// The conditions in the order of their numbers.
    private(set) var conditions: [Condition] = []

    private let shared: [Condition: Int]
    private var own: [Condition: Int] = [:]

    /// Starts at zero.
    init() { shared = [:] }

    /// Goes on after the conditions of the policy itself, for one tenant's overrides.
    init(after policy: FactNumbering) {
        conditions = policy.conditions
        shared = policy.own
    }

    /// The number of a condition, a new one when it has none; `nil` when all are taken.
    mutating func number(of condition: Condition) -> Int? {
        if let number = shared[condition] ?? own[condition] { return number }
        guard conditions.count < FactSet.factsMax else { return nil }
        conditions.append(condition)
        own[condition] = conditions.count - 1
        return conditions.count - 1
    }
}
