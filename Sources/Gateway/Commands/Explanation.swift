import Policy

/// Every check of one request in the gateway's order: what was found, what was wanted, and what
/// came of it.
struct Explanation: Sendable {
    /// The checks so far; after one that refuses none is added.
    private(set) var steps: [Step] = []

    /// Whether the answer depends on somebody who was not asked.
    var isUndecided = false

    /// What of the caller holds for the shadow policy; `nil` while the caller is not known.
    var shadowFacts: FactSet?

    /// What the shadow policy answers; `nil` without one, or when it is not asked.
    var shadow: String?

    /// What follows the table: where the request goes, when nothing refuses it.
    var outlook = ""

    /// The answer, when one check refuses; the first one counts.
    var refusal: Refusal? { steps.lazy.compactMap(\.refusal).first }

    /// The status and the code of an answer.
    struct Refusal: Hashable, Sendable {
        let status: Int
        let code: String
    }

    /// One check.
    struct Step: Sendable {
        let name: String
        let result: Result
        let found: String
        let wanted: String

        enum Result: Hashable, Sendable {
            case passed
            case refused(Refusal)

            /// What only a running gateway knows.
            case notSeen
        }

        fileprivate var refusal: Refusal? {
            guard case .refused(let refusal) = result else { return nil }
            return refusal
        }
    }

    /// Adds a check that passes.
    mutating func pass(_ name: String, found: String, wanted: String = "") {
        steps.append(Step(name: name, result: .passed, found: found, wanted: wanted))
    }

    /// Adds a check that is not made here.
    mutating func skip(_ name: String, _ why: String) {
        steps.append(Step(name: name, result: .notSeen, found: why, wanted: ""))
    }

    /// Adds a check that refuses.
    mutating func refuse(
        _ name: String,
        _ status: Int,
        _ code: String,
        found: String,
        wanted: String
    ) {
        let refusal = Refusal(status: status, code: code)
        steps.append(Step(name: name, result: .refused(refusal), found: found, wanted: wanted))
    }

    /// The table and the verdict.
    var text: String {
        var rows = [["CHECK", "RESULT", "FOUND", "WANTED"]]
        for step in steps {
            let result =
                switch step.result {
                case .passed: "ok"
                case .notSeen: "-"
                case .refused(let refusal): "\(refusal.status)"
                }
            rows.append([step.name, result, step.found, step.wanted])
        }
        let verdict =
            refusal.map { "\($0.status) \($0.code)" } ?? (isUndecided ? "open" : "allowed")
        let shadow = shadow.map { "shadow: \($0)\n" } ?? ""
        return TextTable.render(rows) + "\nverdict: \(verdict)\n" + shadow + outlook
    }
}
