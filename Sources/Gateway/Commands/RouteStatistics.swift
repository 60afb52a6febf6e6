/// What became of the calls of each route, for a reader.
struct RouteStatistics {
    private struct Place: Hashable, Comparable {
        var tenant: String
        var route: String

        static func < (left: Place, right: Place) -> Bool {
            (left.tenant, left.route) < (right.tenant, right.route)
        }
    }

    private var routes: [Place: EventTally] = [:]

    /// How many refusals and failures of a route have each code.
    private var codes: [Place: [String: Int]] = [:]
    private let others: EventTally?

    /// What of a group of events counts here: at level 1, where no route is known, the family does.
    static func part(of group: EventGroup) -> EventGroup {
        EventGroup(
            tenant: group.tenant,
            type: group.route.isEmpty ? family(of: group.type) : [],
            route: group.route,
            code: group.code
        )
    }

    init(_ summary: EventSummary) {
        others = summary.others
        for (group, tally) in summary.groups {
            let route = group.route.isEmpty ? group.type : group.route
            let place = Place(
                tenant: JSONEscape.unescaped(group.tenant[...]),
                route: JSONEscape.unescaped(route[...])
            )
            routes[place, default: EventTally()].add(tally)
            let count = tally.fails + tally.refused
            if !group.code.isEmpty, count > 0 {
                let code = JSONEscape.unescaped(group.code[...])
                codes[place, default: [:]][code, default: 0] += count
            }
        }
    }

    /// Two tables: the routes, and the codes of what was refused or failed.
    var text: String {
        var rows = [
            [
                "TENANT", "ROUTE", "CALLS", "SUCCESS", "FAIL", "REFUSED", "P50 MS", "P90 MS",
                "P99 MS", "MAX MS",
            ]
        ]
        for (place, tally) in routes.sorted(by: { $0.key < $1.key }) {
            rows.append([Self.shown(place.tenant), Self.shown(place.route)] + Self.cells(tally))
        }
        if let others { rows.append(["-", "(all others)"] + Self.cells(others)) }
        var text = TextTable.render(rows)
        if !codes.isEmpty { text += "\n" + codeTable }
        return text
    }

    private var codeTable: String {
        var rows = [["TENANT", "ROUTE", "CODE", "COUNT"]]
        for (place, counts) in codes.sorted(by: { $0.key < $1.key }) {
            for (code, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                rows.append([Self.shown(place.tenant), Self.shown(place.route), code, "\(count)"])
            }
        }
        return TextTable.render(rows)
    }

    private static func cells(_ tally: EventTally) -> [String] {
        let latency = tally.latency
        let times = [50, 90, 99].map { latency.microseconds(percent: $0) }
        return [tally.starts, tally.successes, tally.fails, tally.refused].map(String.init)
            + (times + [latency.total > 0 ? latency.longest : nil]).map { time in
                time.map(EventSummary.milliseconds) ?? "-"
            }
    }

    private static func shown(_ name: String) -> String { name.isEmpty ? "-" : name }

    private static func family(of type: [UInt8]) -> [UInt8] {
        for suffix in ["_START", "_SUCCESS", "_FAIL"] {
            if type.count > suffix.utf8.count,
                type.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
            {
                return Array(type.dropLast(suffix.utf8.count))
            }
        }
        return type
    }
}
