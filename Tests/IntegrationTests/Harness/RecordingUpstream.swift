import Foundation

/// An upstream on loopback that writes down what it got and answers as a test says.
final class RecordingUpstream: Sendable {
    typealias Script = @Sendable (UpstreamCall) throws -> Void

    /// A request as it arrived.
    struct Arrival: Sendable {
        var head: MessageHead

        /// The connection it came on, counted from 1, and its place on that connection.
        var connection: Int
        var place: Int
        var body: [UInt8] = []
        var bodyBytes = 0
        var trailers: [Field] = []

        /// Whether the body arrived whole.
        var isComplete = false

        /// What was wrong with it; the gateway must never send such a thing.
        var fault: String?

        var method: String { head.words[0] }
        var target: String { head.words.count > 1 ? head.words[1] : "" }
    }

    struct Record: Sendable {
        var arrivals: [Arrival] = []
        var connections = 0
        var openConnections = 0
        var isStopped = false
    }

    let record = Observed(Record())
    let port: UInt16
    private let listener: Observed<Socket?>
    private let open = Observed<[Int: Socket]>([:])
    private let script: Script

    /// Listens on a port, by default any free one.
    init(port: UInt16 = 0, script: @escaping Script = RecordingUpstream.echo) throws {
        let listener = try Socket.listening(on: port)
        self.port = listener.port
        self.listener = Observed(listener)
        self.script = script
        Thread.detachNewThread { [self] in serve(listener) }
    }

    /// Answers 200 with what it was sent.
    static let echo: Script = { call in
        let body = try call.body()
        try call.respond(200, body: body, [Field("Content-Type", "application/octet-stream")])
    }

    var arrivals: [Arrival] { record.value.arrivals }

    /// The arrivals whose target starts with a text.
    func arrivals(at target: String) -> [Arrival] {
        arrivals.filter { $0.target.hasPrefix(target) }
    }

    /// Waits for a request whose target starts with a text and whose body is there.
    func wait(for target: String, seconds: Double = 10) throws -> Arrival {
        let found = record.wait(seconds: seconds) { record in
            record.arrivals.first { $0.target.hasPrefix(target) && $0.isComplete }
        }
        guard let found else { throw Trouble.timedOut("the upstream never saw \(target)") }
        return found
    }

    /// Waits until something holds of the record.
    func waitUntil(seconds: Double = 10, _ holds: (Record) -> Bool) -> Bool {
        record.wait(seconds: seconds) { holds($0) ? true : nil } ?? false
    }

    /// Stops listening and breaks every connection.
    func stop() {
        record.update { $0.isStopped = true }
        let socket = listener.update { listener in
            defer { listener = nil }
            return listener
        }
        socket?.shutdownBoth()
        socket?.close()
        closeConnections()
    }

    /// Closes every open connection, as an upstream does with idle ones.
    func closeConnections() {
        for socket in open.value.values { socket.shutdownBoth() }
    }

    private func serve(_ listener: Socket) {
        while !record.value.isStopped {
            guard let socket = try? listener.accepted(seconds: 0.5) else { continue }
            let number = record.update { record in
                record.connections += 1
                record.openConnections += 1
                return record.connections
            }
            open.update { $0[number] = socket }
            Thread.detachNewThread { [self] in converse(number, socket) }
        }
    }

    private func converse(_ number: Int, _ socket: Socket) {
        let stream = ByteStream { try socket.receive($0) }
        var place = 0
        while !record.value.isStopped {
            place += 1
            guard let more = try? next(stream, socket, number, place), more else { break }
        }
        open.update { $0[number] = nil }
        socket.close()
        record.update { $0.openConnections -= 1 }
    }

    /// Answers one request; false when the connection is done.
    private func next(
        _ stream: ByteStream,
        _ socket: Socket,
        _ connection: Int,
        _ place: Int
    ) throws -> Bool {
        while stream.unread.isEmpty {
            do {
                guard try stream.fill(Deadline(seconds: 1)) else { return false }
            } catch Trouble.timedOut {
                if record.value.isStopped { return false }
            }
        }
        let head = try MessageHead(reading: stream, Deadline(seconds: 10))
        let index = record.update { record in
            record.arrivals.append(Arrival(head: head, connection: connection, place: place))
            return record.arrivals.count - 1
        }
        let call = UpstreamCall(
            head: head,
            stream: stream,
            socket: socket,
            connection: connection,
            place: place
        ) { [record] change in record.update { change(&$0.arrivals[index]) } }
        do {
            try script(call)
        } catch Trouble.malformed(let what) {
            record.update { $0.arrivals[index].fault = what }
            return false
        }
        return call.keepsConnection
    }
}
