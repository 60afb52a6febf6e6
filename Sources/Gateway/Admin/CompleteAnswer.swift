/// An answer with its whole body, for the listeners that see few requests.
struct CompleteAnswer: Sendable {
    var status: Int

    /// Fields besides `Content-Length` and `Connection`, which the conversation adds.
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []

    /// An answer without a body.
    init(_ status: Int, fields: [(name: String, value: String)] = []) {
        self.status = status
        self.fields = fields
    }

    /// An answer that is text.
    init(
        _ status: Int,
        text: String,
        type: String = "text/plain; charset=utf-8",
        fields: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.fields = [("Content-Type", type)] + fields
        body = Array(text.utf8)
    }

    /// An answer that is JSON.
    init(_ status: Int, json: JSONText, fields: [(name: String, value: String)] = []) {
        self.init(status, text: json.text + "\n", type: "application/json", fields: fields)
    }

    /// The bytes of the whole message.
    func bytes(closes: Bool, omitsBody: Bool) -> [UInt8] {
        var head = "HTTP/1.1 \(status) \(Self.reasons[status] ?? "Status")\r\n"
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        // RFC 9110, section 8.6: a 204 has none.
        if status != 204 { head += "Content-Length: \(body.count)\r\n" }
        if closes { head += "Connection: close\r\n" }
        return Array((head + "\r\n").utf8) + (omitsBody ? [] : body)
    }

    private static let reasons: [Int: String] = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 302: "Found",
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 409: "Conflict", 413: "Content Too Large",
        421: "Misdirected Request",
        422: "Unprocessable Content", 503: "Service Unavailable",
    ]
}
