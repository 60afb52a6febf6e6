import Policy

/// What came of deciding the calls of a journal again.
struct ReplayReport: Sendable {
    /// Calls that were read: those with a START in the time asked for.
    private(set) var callsCount = 0
    private(set) var unchangedCount = 0
    private(set) var changedCount = 0
    private(set) var unknownCount = 0

    /// Calls whose outcome is not in the journal.
    private(set) var unfinishedCount = 0

    /// Requests that were refused before their START; of them no path is recorded.
    var refusedCount = 0

    private var changes: [Change: Row] = [:]
    private var unknowns: [Unknown: Row] = [:]

    /// The most rows of either kind; what has no place counts in the sums only.
    static let rowsMax = 4_096

    /// The most callers of a row that are told apart.
    static let callersMax = 100

    private struct Change: Hashable {
        let tenant: String
        let route: String
        let old: String
        let new: String
    }

    private struct Unknown: Hashable {
        let tenant: String
        let route: String
        let why: String
    }

    /// Calls that have the same answer.
    private struct Row {
        var count = 0
        let example: String
        var callers: Set<String> = []

        mutating func add(_ start: RecordedStart) {
            count += 1
            if callers.count < ReplayReport.callersMax, !start.client.isEmpty {
                callers.insert(start.client)
            }
        }

        /// How many clients; at the bound there may be more.
        var callersText: String {
            callers.count < ReplayReport.callersMax
                ? String(callers.count) : "\(ReplayReport.callersMax)+"
        }
    }

    /// Adds a call that is answered with one of `codes` now; `allow` is one of them.
    mutating func add(_ start: RecordedStart, from old: RecordedVerdict, to codes: [String]) {
        callsCount += 1
        guard !codes.contains(old.word) else {
            unchangedCount += 1
            return
        }
        changedCount += 1
        let change = Change(
            tenant: start.tenant,
            route: start.route,
            old: old.word,
            new: codes.joined(separator: " or ")
        )
        guard changes.count < Self.rowsMax || changes[change] != nil else { return }
        changes[change, default: Row(example: start.requestID)].add(start)
    }

    /// Adds a call of which it cannot be told how it is answered.
    mutating func add(_ start: RecordedStart, unknown why: String) {
        callsCount += 1
        unknownCount += 1
        let unknown = Unknown(tenant: start.tenant, route: start.route, why: why)
        guard unknowns.count < Self.rowsMax || unknowns[unknown] != nil else { return }
        unknowns[unknown, default: Row(example: start.requestID)].add(start)
    }

    /// Adds a call without an outcome, of which it is not known what was decided.
    mutating func add(unfinished start: RecordedStart) {
        callsCount += 1
        unfinishedCount += 1
    }
}

extension ReplayReport {
    /// The report for people.
    var text: String {
        var text = ""
        if !changes.isEmpty {
            let head = ["TENANT", "ROUTE", "FROM", "TO", "CALLS", "CALLERS", "EXAMPLE"]
            let rows = sortedChanges.map { change, row in
                [
                    change.tenant, change.route, change.old, change.new, String(row.count),
                    row.callersText, row.example,
                ]
            }
            text += TextTable.render([head] + rows) + "\n"
        }
        if !unknowns.isEmpty {
            let head = ["TENANT", "ROUTE", "UNKNOWN BECAUSE", "CALLS", "CALLERS", "EXAMPLE"]
            let rows = sortedUnknowns.map { unknown, row in
                [
                    unknown.tenant, unknown.route, unknown.why, String(row.count),
                    row.callersText, row.example,
                ]
            }
            text += TextTable.render([head] + rows) + "\n"
        }
        text +=
            "calls read: \(callsCount), unchanged: \(unchangedCount), changed: \(changedCount), "
        text += "unknown: \(unknownCount), without an outcome: \(unfinishedCount)\n"
        if refusedCount > 0 {
            text += "refused before their START, not decided again: \(refusedCount)\n"
        }
        return text
    }

    /// The report for programs: a JSON object a line, the sums last.
    var lines: String {
        var objects = sortedChanges.map { change, row in
            Self.object(
                [
                    ("tenant", change.tenant), ("route", change.route), ("from", change.old),
                    ("to", change.new),
                ],
                row
            )
        }
        objects += sortedUnknowns.map { unknown, row in
            Self.object(
                [("tenant", unknown.tenant), ("route", unknown.route), ("unknown", unknown.why)],
                row
            )
        }
        let sums: [(String, Int)] = [
            ("read", callsCount), ("unchanged", unchangedCount), ("changed", changedCount),
            ("unknown", unknownCount), ("withoutOutcome", unfinishedCount),
            ("refusedBeforeStart", refusedCount),
        ]
        let totals = sums.map { (name: $0.0, value: JSONText.number(Int64($0.1))) }
        objects.append(.object([(name: "totals", value: .object(totals))]))
        return objects.map { $0.text + "\n" }.joined()
    }

    private static func object(_ members: [(String, String)], _ row: Row) -> JSONText {
        .object(
            members.map { (name: $0.0, value: JSONText.string($0.1)) } + [
                (name: "calls", value: .number(Int64(row.count))),
                (name: "callers", value: .number(Int64(row.callers.count))),
                (name: "example", value: .string(row.example)),
            ]
        )
    }

    private var sortedChanges: [(Change, Row)] {
        changes.map { ($0.key, $0.value) }.sorted {
            ($0.0.tenant, $0.0.route, $0.0.old, $0.0.new)
                < ($1.0.tenant, $1.0.route, $1.0.old, $1.0.new)
        }
    }

    private var sortedUnknowns: [(Unknown, Row)] {
        unknowns.map { ($0.key, $0.value) }.sorted {
            ($0.0.tenant, $0.0.route, $0.0.why) < ($1.0.tenant, $1.0.route, $1.0.why)
        }
    }
}
