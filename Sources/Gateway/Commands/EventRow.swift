/// One event as columns.
struct EventRow {
    /// The columns of a comma-separated file, named as in the event.
    static let columns = [
        "id", "timestamp", "type", "category", "tenantId", "requestId", "requestIp", "clientId",
        "route", "method", "status", "durationMs", "upstreamStatus", "code",
    ]

    /// The values of `columns`, without escapes; empty where the event has none.
    let values: [String]

    /// - Parameter line: An event as it stands in the journal; anything else gives `nil`.
    init?(_ line: ArraySlice<UInt8>) {
        let bytes = Array(line)
        guard let event = EventLine(bytes.span) else { return nil }
        let details = EventDetails(event, in: bytes.span)
        values = [
            event.id, event.timestamp, event.type, event.category, event.tenant, event.request,
            event.requestIP, event.client, details.route, details.method, details.status,
            details.duration, details.upstreamStatus, details.code,
        ].map { JSONEscape.unescaped(bytes[$0]) }
    }

    /// The values as a line of a file after RFC 4180.
    var commaSeparated: String { Self.commaSeparated(values) }

    static func commaSeparated(_ values: [String]) -> String {
        let cells = values.map { value in
            let isPlain = value.utf8.allSatisfy { ![0x22, 0x2C, 0x0A, 0x0D].contains($0) }
            return isPlain
                ? value
                : "\""
                    + value.split(
                        separator: "\"",
                        omittingEmptySubsequences: false
                    ).joined(separator: "\"\"") + "\""
        }
        return cells.joined(separator: ",") + "\r"
    }

    // MARK: - For a terminal

    /// Which values a terminal shows, under which heading and how wide; what is wider moves the rest.
    private static let shown: [(heading: String, column: Int, width: Int)] = [
        ("TIME", 1, 24), ("TENANT", 4, 12), ("TYPE", 2, 42), ("STATUS", 10, 6), ("MS", 11, 9),
        ("CODE", 13, 20), ("CLIENT", 7, 20), ("REQUEST", 5, 0),
    ]

    static let heading = row(shown.map(\.heading))

    /// The values as a line of text.
    var text: String { Self.row(Self.shown.map { values[$0.column] }) }

    private static func row(_ cells: [String]) -> String {
        var line = ""
        for (column, cell) in zip(shown, cells) {
            let text = TextTable.visible(cell.isEmpty ? "-" : cell)
            let room = max(0, column.width - text.count)
            line += text + (column.width > 0 ? String(repeating: " ", count: room + 2) : "")
        }
        return line
    }
}
