import Dispatch
import Synchronization

@testable import Gateway

/// A server on loopback that leaves each connection to a script, on a thread of its own.
final class LoopbackServer: Sendable {
    private let listener: StreamListener
    private let accepted = Count()

    /// How many connections there were.
    var connectionsCount: Int { accepted.value }

    var port: UInt16 { listener.port }

    /// Serves every connection with `script`, which is told its number, from 1.
    init(
        context: TLSContext? = nil,
        address: String = "127.0.0.1",
        port: UInt16 = 0,
        script: @escaping @Sendable (borrowing BlockingStream, _ connection: Int) throws -> Void
    ) throws {
        guard let address = SocketAddress(numeric: address, port: port) else {
            throw BlockingStream.Failure.lost
        }
        // A client that has gone away is no end of the tests.
        OperatingProcess.ignoreBrokenPipes()
        let accepted = accepted
        listener = try StreamListener(on: address, name: "loopback", connectionsMax: 512) {
            connection in
            let number = accepted.add()
            let stream = BlockingStream(
                accepting: connection,
                context: context,
                milliseconds: 30_000
            )
            // A script that fails ends the connection, which is what the client sees.
            if let stream { try? script(stream, number) }
        }
    }

    /// Serves every request of every connection with the answer given for its path.
    static func answering(
        context: TLSContext? = nil,
        _ answer: @escaping @Sendable (_ path: String) -> String
    ) throws -> LoopbackServer {
        try LoopbackServer(context: context) { stream, _ in
            while true {
                let request = try stream.readRequest()
                let path = request.split(separator: " ").dropFirst().first ?? ""
                try stream.write(Array(answer(String(path)).utf8))
            }
        }
    }

    func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// A number that threads count up.
    final class Count: Sendable {
        private let number = Atomic(0)

        var value: Int { number.load(ordering: .sequentiallyConsistent) }

        @discardableResult
        func add() -> Int { number.add(1, ordering: .sequentiallyConsistent).newValue }
    }
}

extension BlockingStream {
    /// Reads one request with its body.
    func readRequest() throws -> String {
        var text = ""
        while true {
            if let end = text.firstRange(of: "\r\n\r\n") {
                let head = text[..<end.upperBound].lowercased()
                let length = head.firstRange(of: "content-length: ").flatMap { range in
                    Int(head[range.upperBound...].prefix { $0.isNumber })
                }
                if text[end.upperBound...].utf8.count >= length ?? 0 { return text }
            }
            let more = try read()
            guard !more.isEmpty else { throw Failure.lost }
            text += String(decoding: more, as: UTF8.self)
        }
    }

    /// Waits until the peer ends the connection.
    func waitForEnd() throws {
        while try !read().isEmpty {}
    }
}

extension OutboundClient {
    /// Makes a request and waits for its end.
    ///
    /// It blocks, so that no other test can hold up the one that asks.
    func answer(_ request: OutboundRequest) -> Result<OutboundAnswer, OutboundFailure> {
        let outcome = Mutex<Result<OutboundAnswer, OutboundFailure>>(.failure(.busy))
        let ended = DispatchSemaphore(value: 0)
        send(request) { result in
            outcome.withLock { $0 = result }
            ended.signal()
        }
        ended.wait()
        return outcome.withLock { $0 }
    }

    /// Gets `text`.
    func get(
        _ text: String,
        _ change: (inout OutboundRequest) -> Void = { _ in }
    ) throws -> OutboundAnswer {
        guard let url = OutboundURL(text) else { throw OutboundFailure.unresolved(host: text) }
        var request = OutboundRequest(url)
        request.deadlineMilliseconds = 20_000
        change(&request)
        return try answer(request).get()
    }
}
