import HTTP

/// Events as rows of a table of ClickHouse, over its HTTP interface.
///
/// A row is the event with its `data` as a string, so that a table needs no column for each member
/// of it.
struct ClickHouseShipper: EventShipper {
    /// Scheme, host, port, and perhaps a path and a query.
    let address: String
    let table: String

    /// Whether the server knows deduplication tokens; those before version 22.2 refuse the setting.
    private var knowsTokens = true

    init(address: String, table: String) {
        self.address = address
        self.table = table
    }

    func request(for batch: EventBatch) -> OutboundRequest? {
        var text = address + (address.contains("?") ? "&" : "?")
        text += "query=INSERT%20INTO%20\(table)%20FORMAT%20JSONEachRow"
        // Columns that a table leaves out, and columns of times in place of strings.
        text += "&input_format_skip_unknown_fields=1&date_time_input_format=best_effort"
        if knowsTokens { text += "&insert_deduplication_token=\(batch.token)" }
        guard let url = OutboundURL(text) else { return nil }
        var request = OutboundRequest(url)
        request.method = .post
        request.fields = [.init(name: "Content-Type", value: "application/x-ndjson")]
        for line in batch.events { Self.append(line, to: &request.body) }
        return request
    }

    mutating func verdict(on answer: OutboundAnswer, to batch: EventBatch) -> ShippingVerdict {
        if knowsTokens, answer.status >= 400, Self.code(of: answer) == Self.unknownSetting {
            knowsTokens = false
            return .sendAgain
        }
        // A failure after the head of the answer was sent stands in the body.
        if answer.status == 200, Self.code(of: answer) != nil { return .failed(status: 200) }
        return ShippingVerdict(status: answer.status)
    }

    /// `UNKNOWN_SETTING`.
    private static let unknownSetting = 115

    /// The number after `Code: ` at the beginning of an error.
    private static func code(of answer: OutboundAnswer) -> Int? {
        let prefix = Array("Code: ".utf8)
        guard answer.body.starts(with: prefix) else { return nil }
        let digits = answer.body.dropFirst(prefix.count).prefix { 0x30...0x39 ~= $0 }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    private static func append(_ line: ArraySlice<UInt8>, to body: inout [UInt8]) {
        let bytes = Array(line)
        if let event = EventLine(bytes.span), !event.details.isEmpty {
            body += bytes[..<event.details.lowerBound]
            body.append(UInt8(ascii: "\""))
            body += JSONEscape.escaped(Array(bytes[event.details]))
            body.append(UInt8(ascii: "\""))
            body += bytes[event.details.upperBound...]
        } else {
            body += bytes
        }
        body.append(0x0A)
    }
}
