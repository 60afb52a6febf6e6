/// One request at the upstream, and the means to answer it well or badly.
final class UpstreamCall {
    let head: MessageHead
    let connection: Int

    /// The place of this request on its connection, counted from 1.
    let place: Int
    let socket: Socket
    private let stream: ByteStream
    private let note: (@escaping @Sendable (inout RecordingUpstream.Arrival) -> Void) -> Void
    private var isBodyRead = false
    private var isEnded = false

    init(
        head: MessageHead,
        stream: ByteStream,
        socket: Socket,
        connection: Int,
        place: Int,
        note: @escaping (@escaping @Sendable (inout RecordingUpstream.Arrival) -> Void) -> Void
    ) {
        self.head = head
        self.stream = stream
        self.socket = socket
        self.connection = connection
        self.place = place
        self.note = note
    }

    var method: String { head.words[0] }

    var target: String { head.words.count > 1 ? head.words[1] : "" }

    /// The target without its query.
    var path: String { String(target.prefix { $0 != "?" }) }

    var keepsConnection: Bool { isBodyRead && !isEnded }

    /// Reads and records the body.
    func body() throws -> [UInt8] {
        var collected: [UInt8] = []
        try readBody { collected += $0 }
        let body = collected
        note { $0.body = body }
        return body
    }

    /// Reads the body and keeps only its length.
    @discardableResult
    func countedBody(secondsPerRead: Double = 10) throws -> Int {
        var count = 0
        try readBody(secondsPerRead: secondsPerRead) { count += $0.count }
        return count
    }

    /// Reads the body, handing on each piece.
    func readBody(
        secondsPerRead: Double = 10,
        into sink: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        var count = 0
        let framing = try head.requestFraming()
        let reader = BodyReader(stream: stream, secondsPerRead: secondsPerRead)
        let outcome = try reader.read(framing) { piece in
            count += piece.count
            try sink(piece)
        }
        isBodyRead = true
        isEnded = outcome.end == .cutShort
        let total = count
        note { arrival in
            arrival.bodyBytes = total
            arrival.trailers = outcome.trailers
            arrival.isComplete = outcome.end == .whole
        }
    }

    /// Sends an answer with a `Content-Length`.
    func respond(_ status: Int, body: [UInt8] = [], _ fields: [Field] = []) throws {
        var text = "HTTP/1.1 \(status) Answer\r\n"
        for field in fields { text += "\(field.name): \(field.value)\r\n" }
        if status != 204, status != 304 { text += "Content-Length: \(body.count)\r\n" }
        text += "\r\n"
        try socket.send(Array(text.utf8) + (method == "HEAD" ? [] : body))
    }

    func respond(_ status: Int, text: String, _ fields: [Field] = []) throws {
        try respond(status, body: Array(text.utf8), fields)
    }

    /// Sends anything.
    func send(_ text: String) throws {
        try socket.send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8], seconds: Double = 10) throws {
        try socket.send(bytes, seconds: seconds)
    }

    /// Ends the connection with a FIN.
    func close() {
        isEnded = true
        socket.shutdownBoth()
    }

    /// Ends the connection with a RST.
    func reset() {
        isEnded = true
        socket.abort()
    }

    /// Waits until the gateway ends the connection; false when it never did.
    func waitForEnd(seconds: Double) -> Bool {
        do {
            return try stream.endsSilently(Deadline(seconds: seconds))
        } catch Trouble.reset {
            return true
        } catch {
            return false
        }
    }
}
