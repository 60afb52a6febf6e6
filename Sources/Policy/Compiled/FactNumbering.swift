/// Gives each distinct condition its number.
struct FactNumbering {
    /// The conditions added here, in the order of their numbers, which begin at `first`.
    private(set) var conditions: [Condition] = []

    private let first: Int
    private let shared: [Condition: Int]
    private var own: [Condition: Int] = [:]

    /// Starts at zero.
    init() { (first, shared) = (0, [:]) }

    /// Goes on after the conditions of the policy itself, for one tenant's overrides.
    init(after policy: FactNumbering) {
        first = policy.conditions.count
        shared = policy.own
    }

    /// The number of a condition, a new one when it has none; `nil` when all are taken.
    mutating func number(of condition: Condition) -> Int? {
        if let number = shared[condition] ?? own[condition] { return number }
        guard first + conditions.count < FactSet.factsMax else { return nil }
        conditions.append(condition)
        own[condition] = first + conditions.count - 1
        return first + conditions.count - 1
    }
}
