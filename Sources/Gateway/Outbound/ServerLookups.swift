/// Finds out, on threads of their own, what may block: addresses of hosts, files of authorities.
///
/// Calls for one origin share one look-up, so a resolver that hangs for one host holds one thread,
/// however many ask.
struct ServerLookups {
    /// Finds the addresses of a host; it may block.
    typealias Resolve = @Sendable (_ host: String, _ port: UInt16) -> [SocketAddress]

    typealias Call = Slab<OutboundCall>.Key

    /// The most look-ups at a time; others wait their turn.
    static let lookupsMax = 128

    private let authorities = AuthorityContexts()
    private let resolve: Resolve

    /// Who waits for what.
    private var waiting: [OutboundOrigin: [Call]] = [:]

    /// Origins that are being looked up.
    private var running: Set<OutboundOrigin> = []

    /// Origins whose turn has not come, oldest first.
    private var queue: [OutboundOrigin] = []

    init(resolve: @escaping Resolve) { self.resolve = resolve }

    /// Has an origin looked up for a call; `start` begins it.
    mutating func want(_ origin: OutboundOrigin, for call: Call) {
        let isNew = waiting[origin] == nil
        waiting[origin, default: []].append(call)
        if isNew && !running.contains(origin) { queue.append(origin) }
    }

    /// Forgets that a call waits for an origin.
    mutating func forget(_ call: Call, _ origin: OutboundOrigin) {
        guard var calls = waiting[origin] else { return }
        calls.removeAll { $0 == call }
        waiting[origin] = calls.isEmpty ? nil : calls
        if calls.isEmpty { queue.removeAll { $0 == origin } }
    }

    /// Takes note that a look-up has ended.
    ///
    /// - Returns: The calls that wait for it.
    mutating func end(_ origin: OutboundOrigin) -> [Call] {
        running.remove(origin)
        return waiting.removeValue(forKey: origin) ?? []
    }

    /// Begins the look-ups that there is room for; each ends with `found` in the mailbox.
    mutating func start(_ mailbox: Mailbox<OutboundMessage>) {
        while running.count < Self.lookupsMax, !queue.isEmpty {
            let origin = queue.removeFirst()
            running.insert(origin)
            let authorities = authorities
            let resolve = resolve
            do throws(Errno) {
                try Thread(name: "outbound-name") {
                    mailbox.post(.found(origin, Self.look(origin, authorities, resolve)))
                }
                .detach()
            } catch {
                let failure = OutboundFailure.connection("no thread for a look-up: \(error)")
                mailbox.post(.found(origin, .failure(failure)))
            }
        }
    }

    private static func look(
        _ origin: OutboundOrigin,
        _ authorities: AuthorityContexts,
        _ resolve: Resolve
    ) -> Result<OutboundServer, OutboundFailure> {
        do throws(OutboundFailure) {
            return .success(
                try OutboundServer(origin, authorities: authorities, resolve: resolve)
            )
        } catch { return .failure(error) }
    }
}
