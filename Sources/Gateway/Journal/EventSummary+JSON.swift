extension EventSummary {
    /// What of a group a grouping goes by.
    static func part(for grouping: EventQuery.Grouping) -> (EventGroup) -> EventGroup {
        { group in
            switch grouping {
            case .type: EventGroup(type: group.type)
            case .tenant: EventGroup(tenant: group.tenant)
            case .client: EventGroup(client: group.client)
            case .hour: EventGroup(hour: group.hour)
            }
        }
    }

    /// The body of the answer to a query that wants a summary.
    var json: [UInt8] {
        var json = Array("{\"by\":\"\(query.grouping.rawValue)\",".utf8)
        json += Array("\"from\":\(Self.quoted(timeFrom, unless: .min)),".utf8)
        json += Array("\"to\":\(Self.quoted(query.timeTo, unless: .max)),".utf8)
        json += Array("\"complete\":\(isComplete),\"rows\":[".utf8)
        for (index, row) in rows.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json += Array("{\"key\":".utf8) + row.key
            json += Array(",\(Self.members(of: row.tally))}".utf8)
        }
        json.append(UInt8(ascii: "]"))
        if let others { json += Array(",\"others\":{\(Self.members(of: others))}".utf8) }
        return json + Array("}".utf8)
    }

    /// Hours in their order, other keys by how many events they have.
    private var rows: [(key: [UInt8], tally: EventTally)] {
        let rows = groups.map { (key: key(of: $0.key), tally: $0.value) }
        return rows.sorted { left, right in
            if query.grouping != .hour, left.tally.events != right.tally.events {
                return left.tally.events > right.tally.events
            }
            return left.key.lexicographicallyPrecedes(right.key)
        }
    }

    private func key(of group: EventGroup) -> [UInt8] {
        let value =
            switch query.grouping {
            case .type: group.type
            case .tenant: group.tenant
            case .client: group.client
            case .hour: Array(EventKey.text(time: group.hour).utf8)
            }
        // As events hold it: escaped.
        return value.isEmpty ? Array("null".utf8) : [0x22] + value + [0x22]
    }

    private static func quoted(_ time: Int64, unless none: Int64) -> String {
        time == none ? "null" : "\"\(EventKey.text(time: time))\""
    }

    private static func members(of tally: EventTally) -> String {
        let latency = tally.latency
        let longest = latency.total > 0 ? latency.longest : nil
        let times = [
            ("p50", latency.microseconds(percent: 50)), ("p90", latency.microseconds(percent: 90)),
            ("p99", latency.microseconds(percent: 99)), ("max", longest),
        ]
        let members = times.map { "\"\($0.0)\":" + ($0.1.map(milliseconds) ?? "null") }
        return "\"events\":\(tally.events),\"starts\":\(tally.starts),"
            + "\"successes\":\(tally.successes),\"fails\":\(tally.fails),"
            + "\"refused\":\(tally.refused),"
            + "\"latencyMs\":{\(members.joined(separator: ","))}"
    }

    /// Microseconds as milliseconds with up to three decimals.
    static func milliseconds(_ microseconds: Int) -> String {
        var fraction = String(microseconds % 1_000 + 1_000).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(microseconds / 1_000)" + (fraction.isEmpty ? "" : ".\(fraction)")
    }
}
