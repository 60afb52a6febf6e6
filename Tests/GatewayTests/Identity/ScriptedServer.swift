import Synchronization

@testable import Gateway

/// A server on loopback that gives one answer for each path, byte for byte.
final class ScriptedServer: Sendable {
    private let listener: StreamListener

    var port: UInt16 { listener.port }

    /// Listens, with TLS when there is a context, and writes answers in pieces of `piece` bytes.
    init(
        context: TLSContext? = nil,
        piece: Int = .max,
        answer: @escaping @Sendable (_ path: String) -> String
    ) throws {
        let address = SocketAddress(numeric: "127.0.0.1", port: 0)
        guard let address else { throw KeyFailure.timeout }
        listener = try StreamListener(on: address, name: "scripted", connectionsMax: 16) {
            connection in
            let stream = BlockingStream(
                accepting: connection,
                context: context,
                milliseconds: 5_000
            )
            guard let stream else { return }
            Self.serve(stream, piece, answer)
        }
    }

    private static func serve(
        _ stream: borrowing BlockingStream,
        _ piece: Int,
        _ answer: (String) -> String
    ) {
        var received = ""
        while !received.hasSuffix("\r\n\r\n") {
            guard let more = try? stream.read(), !more.isEmpty else { return }
            received += String(decoding: more, as: UTF8.self)
        }
        let path = received.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        var rest = Array(answer(path).utf8)[...]
        while !rest.isEmpty {
            guard (try? stream.write(Array(rest.prefix(piece)))) != nil else { return }
            rest = rest.dropFirst(piece)
        }
    }

    static func ok(_ body: String, _ fields: String = "") -> String {
        "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
    }
}
