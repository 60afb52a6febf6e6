/// One connection to the gateway: bytes out, answers in.
final class Conversation {
    let wire: any Wire
    private let stream: ByteStream

    init(_ wire: any Wire) {
        self.wire = wire
        stream = ByteStream { try wire.receive($0) }
    }

    func send(_ request: Request) throws {
        try wire.send(request.bytes)
    }

    func send(_ text: String) throws {
        try wire.send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        try wire.send(bytes)
    }

    /// Sends in pieces of `size` bytes, each its own TLS record and its own packet.
    func send(_ bytes: [UInt8], inPiecesOf size: Int) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            try wire.send(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
    }

    /// Reads the next answer whole.
    func response(to method: String = "GET", seconds: Double = 10) throws -> Response {
        var body: [UInt8] = []
        var response = try head(to: method, seconds: seconds)
        let reader = BodyReader(stream: stream, secondsPerRead: seconds)
        let framing = try response.head.responseFraming(to: method, status: response.status)
        let outcome = try reader.read(framing) { body += $0 }
        response.body = body
        response.framing = framing
        response.end = outcome.end
        response.trailers = outcome.trailers
        return response
    }

    /// Reads a head and leaves its body unread; interim answers are collected.
    func head(to method: String = "GET", seconds: Double = 10) throws -> Response {
        let deadline = Deadline(seconds: seconds)
        var interim: [Response] = []
        while true {
            var response = try Response(MessageHead(reading: stream, deadline))
            if response.status >= 200 || response.status == 101 {
                response.interim = interim
                return response
            }
            interim.append(response)
        }
    }

    /// Reads one head, interim or final.
    func anyHead(seconds: Double = 10) throws -> Response {
        try Response(MessageHead(reading: stream, Deadline(seconds: seconds)))
    }

    /// Reads a body whose head was read, handing each piece on.
    func body(
        of response: Response,
        to method: String = "GET",
        into sink: (ArraySlice<UInt8>) throws -> Void
    ) throws -> BodyEnd {
        let framing = try response.head.responseFraming(to: method, status: response.status)
        return try BodyReader(stream: stream, secondsPerRead: 30).read(framing, into: sink).end
    }

    /// Sends a request and reads its answer.
    func exchange(_ request: Request, seconds: Double = 10) throws -> Response {
        try send(request)
        return try response(to: request.method, seconds: seconds)
    }

    /// Whether the gateway closes without sending another byte.
    func isClosed(seconds: Double = 5) -> Bool {
        do {
            return try stream.endsSilently(Deadline(seconds: seconds))
        } catch Trouble.reset {
            return true
        } catch {
            return false
        }
    }

    func close() { wire.close() }
}

/// Something bytes go through in both directions.
protocol Wire: AnyObject {
    func send(_ bytes: [UInt8]) throws

    /// What there is, waiting for at least one byte; empty at the end.
    func receive(_ deadline: Deadline) throws -> [UInt8]

    /// Ends the connection in the polite way.
    func close()

    /// Ends the connection with a RST.
    func abort()
}

/// A connection without TLS, for the admin listener.
final class PlainWire: Wire {
    let socket: Socket

    init(port: UInt16) throws {
        socket = try Socket.connected(to: port)
    }

    func send(_ bytes: [UInt8]) throws { try socket.send(bytes) }

    func receive(_ deadline: Deadline) throws -> [UInt8] { try socket.receive(deadline) }

    func close() { socket.close() }

    func abort() { socket.abort() }
}
