/// An answer as it came over the wire.
struct Response: Sendable {
    var head: MessageHead
    var version: String
    var status: Int
    var body: [UInt8] = []
    var trailers: [Field] = []
    var framing = BodyFraming.none
    var end = BodyEnd.whole

    /// The 1xx answers that came before it.
    var interim: [Response] = []

    init(_ head: MessageHead) throws {
        let words = head.words
        guard words.count >= 3, words[0] == "HTTP/1.1" || words[0] == "HTTP/1.0",
            words[1].count == 3, let status = Int(words[1]), (100...599).contains(status)
        else { throw Trouble.malformed("status line `\(head.startLine)`") }
        self.head = head
        self.version = words[0]
        self.status = status
    }

    subscript(name: String) -> String? { head[name] }

    func values(_ name: String) -> [String] { head.values(name) }

    var text: String { String(decoding: body, as: UTF8.self) }

    var json: JSON? { try? JSON(parsing: body) }

    /// The refusal code of a management route.
    var code: String? { json?["code"]?.string }

    var saysClose: Bool { head.lists("close", in: "Connection") }
}
