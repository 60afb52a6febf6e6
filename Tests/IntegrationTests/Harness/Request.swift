/// A request to send, well formed unless a test says otherwise.
struct Request: Sendable {
    var method: String
    var target: String
    var version = "HTTP/1.1"
    var host: String? = "acme.test"
    var fields: [Field] = []
    var body: [UInt8]?

    init(_ method: String, _ target: String, host: String? = "acme.test") {
        self.method = method
        self.target = target
        self.host = host
    }

    /// With a bearer token.
    func bearing(_ token: String) -> Request {
        with("Authorization", "Bearer \(token)")
    }

    func with(_ name: String, _ value: String) -> Request {
        var copy = self
        copy.fields.append(Field(name, value))
        return copy
    }

    func with(body: some Sequence<UInt8>) -> Request {
        var copy = self
        copy.body = Array(body)
        return copy
    }

    func with(body: String) -> Request {
        with(body: Array(body.utf8)).with("Content-Type", "application/json")
    }

    var head: String {
        var text = "\(method) \(target) \(version)\r\n"
        if let host { text += "Host: \(host)\r\n" }
        for field in fields { text += "\(field.name): \(field.value)\r\n" }
        if let body { text += "Content-Length: \(body.count)\r\n" }
        return text + "\r\n"
    }

    var bytes: [UInt8] { Array(head.utf8) + (body ?? []) }
}
