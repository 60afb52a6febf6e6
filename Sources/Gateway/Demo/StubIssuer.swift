/// An OpenID4VCI issuer that believes everybody, as what stands behind the gateway in the
/// demonstration.
///
/// It speaks plain HTTP on a free loopback port and answers every call of the built-in policy with
/// a body of the right shape; nothing that it hands out is worth anything.
final class StubIssuer: Sendable {
    /// The port listened on.
    var port: UInt16 { listener.port }

    private let listener: StreamListener

    private static let connectionsMax = 512

    /// How long a connection may be idle.
    private static let idleMilliseconds = 120_000
    private static let bodyBytesMax = 1_048_576

    /// Begins to answer on `127.0.0.1`.
    init(port: UInt16 = 0) throws(Errno) {
        guard let address = SocketAddress(numeric: "127.0.0.1", port: port) else {
            preconditionFailure("127.0.0.1 is an address")
        }
        listener = try StreamListener(
            on: address,
            name: "issuer",
            connectionsMax: Self.connectionsMax
        ) { descriptor in
            let stream = BlockingStream(
                accepting: descriptor,
                context: nil,
                milliseconds: Self.idleMilliseconds
            )
            guard let stream else { return }
            Self.converse(
                Conversation(
                    over: stream,
                    bodyBytesMax: { _ in Self.bodyBytesMax },
                    milliseconds: Self.idleMilliseconds
                )
            )
        }
    }

    /// Accepts no more connections.
    func stop() { listener.stop() }

    private static func converse(_ conversation: consuming Conversation) {
        do throws(Conversation.Failure) {
            while let request = try conversation.next() {
                let answer = StubAnswers.answer(request)
                let isHead = request.method == "HEAD"
                try conversation.send(answer, closes: request.wantsClose, omitsBody: isHead)
                if request.wantsClose { return }
            }
        } catch {
            if case .malformed(let status) = error {
                try? conversation.send(CompleteAnswer(status), closes: true)
            }
        }
    }
}
