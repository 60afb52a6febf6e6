/// The admin listener: health, metrics and reload, off the event loops.
///
/// It is meant for few peers and answers each on a thread of its own; 128 at a time, each request
/// within five seconds. A connection that has sent nothing after one second is closed, so that
/// silent ones lock nobody out. A reload may take longer, the answer then has five seconds from
/// its end. A large body is read of those who may speak to it only.
final class AdminServer: Sendable {
    /// The port listened on.
    var port: UInt16 { listener.port }

    private let listener: StreamListener

    private static let connectionsMax = 128
    private static let silenceMilliseconds = 1_000
    private static let requestMilliseconds = 5_000

    /// Listens and answers until it is stopped or let go of.
    ///
    /// - Parameters:
    ///   - address: Where to listen; it must be a loopback one unless there are both others.
    ///   - access: Who may speak to it.
    ///   - context: The certificate, `nil` for plain HTTP.
    ///   - source: Where the answers come from.
    /// - Throws: The reason why the address cannot be listened on.
    init(
        on address: SocketAddress,
        access: AdminAccess,
        context: TLSContext?,
        source: AdminSource
    ) throws(Errno) {
        precondition(address.key.isLoopback || access.token != nil && context != nil)
        let routes = AdminRoutes(source: source)
        listener = try StreamListener(
            on: address,
            name: "admin",
            connectionsMax: Self.connectionsMax
        ) { descriptor in
            guard
                Readiness.wait(
                    for: .reading,
                    of: descriptor.number,
                    milliseconds: Self.silenceMilliseconds
                )
            else { return }
            let stream = BlockingStream(
                accepting: descriptor,
                context: context,
                milliseconds: Self.requestMilliseconds
            )
            guard let stream else { return }
            let conversation = Conversation(
                over: stream,
                bodyBytesMax: { request in
                    access.refusal(of: request) == nil
                        ? AdminRoutes.bodyBytesMax(of: request) : AdminRoutes.bodyBytesMax
                },
                milliseconds: Self.requestMilliseconds
            )
            Self.converse(conversation, access: access, routes: routes)
        }
    }

    /// Accepts no more connections.
    func stop() { listener.stop() }

    private static func converse(
        _ conversation: consuming Conversation,
        access: AdminAccess,
        routes: AdminRoutes
    ) {
        do throws(Conversation.Failure) {
            while let request = try conversation.next() {
                let answer = access.refusal(of: request) ?? routes.answer(request)
                conversation.extendDeadline()
                try conversation.send(
                    answer,
                    closes: request.wantsClose,
                    omitsBody: request.method == "HEAD"
                )
                if request.wantsClose { return }
            }
        } catch {
            switch error {
            case .gone: return
            case .malformed(let status):
                try? conversation.send(CompleteAnswer(status), closes: true)
            case .tooLarge:
                let words = JSONText.object([("message", .string("the body is too large"))])
                try? conversation.send(CompleteAnswer(413, json: words), closes: true)
                conversation.discardRest()
            }
        }
    }
}
