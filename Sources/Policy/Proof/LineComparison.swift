/// Compares allow and deny lines by what they ask for, without any caller.
///
/// It answers yes only when that is certain: a token may say much that two claims with different
/// values are both true of.
struct LineComparison {
    private let rules: RuleTable
    private let conditions: [Condition]

    /// Compares lines whose facts are numbered by `conditions`.
    init(_ rules: RuleTable, _ conditions: [Condition]) {
        self.rules = rules
        self.conditions = conditions
    }

    /// What a line asks for: all clauses, of each clause any condition.
    func clauses(of rule: Int) -> [[Condition]] {
        rules.clauses[rules.clauses(ofRule: rule)].map { clause in
            conditions.indices.filter(clause.contains).map { conditions[$0] }
        }
    }

    /// Whether a line holds only when `other` holds too.
    func implies(_ rule: Int, _ other: Int) -> Bool {
        let given = clauses(of: rule)
        return clauses(of: other).allSatisfy { wanted in
            given.contains { clause in
                clause.allSatisfy { condition in wanted.contains { $0.covers(condition) } }
            }
        }
    }

    /// Two clauses of a line that cannot be true together; `nil` when there are none.
    func contradiction(in rule: Int) -> Contradiction? {
        let clauses = clauses(of: rule)
        for (index, one) in clauses.enumerated() {
            for other in clauses[..<index] {
                if let contradiction = Contradiction(one, other) { return contradiction }
            }
        }
        return nil
    }

    /// Why a line holds for nobody.
    enum Contradiction {
        case clients
        case addresses

        /// Finds out whether two clauses exclude each other: of clients and of addresses there is
        /// one each.
        init?(_ one: [Condition], _ other: [Condition]) {
            let pairs = one.flatMap { first in other.map { (first, $0) } }
            if pairs.allSatisfy({ $0.0.isOtherClient(than: $0.1) }) {
                self = .clients
            } else if pairs.allSatisfy({ $0.0.isElsewhere(than: $0.1) }) {
                self = .addresses
            } else {
                return nil
            }
        }
    }
}

extension Condition {
    /// Whether this is true of everybody of whom `other` is.
    fileprivate func covers(_ other: Condition) -> Bool {
        if case .from(let range) = self, case .from(let inner) = other {
            return range.contains(inner)
        }
        return self == other
    }

    fileprivate func isOtherClient(than other: Condition) -> Bool {
        guard case .client = self, case .client = other else { return false }
        return self != other
    }

    fileprivate func isElsewhere(than other: Condition) -> Bool {
        guard case .from(let range) = self, case .from(let second) = other else { return false }
        return !range.contains(second) && !second.contains(range)
    }
}
