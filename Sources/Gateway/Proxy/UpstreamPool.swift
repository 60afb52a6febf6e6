/// The kept-alive connections of one loop to the servers of every upstream.
///
/// It gives out connections against a `ForwardingTicket` only: nothing that was not decided and
/// recorded is ever forwarded.
struct UpstreamPool: ~Copyable {
    /// The most idle connections kept to one server.
    static let idlePerServerMax = 512

    /// How long a connection is kept without a request; servers commonly allow 75 s.
    static let idleMilliseconds: Int64 = 60_000

    /// How long a server that could not be reached is passed over while others can be.
    static let restMilliseconds: Int64 = 5_000

    /// How many connections are tried for one request, or as many as there are servers.
    static let attemptsMin = 3

    /// What a request gets.
    enum Checkout {
        /// A kept-alive connection.
        case idle(UpstreamKey)

        /// A new connection is to be made to this server.
        case connect(server: Int)

        /// No server has an address.
        case unavailable
    }

    struct Server {
        let runtime: UpstreamServer

        /// An index into the snapshot's upstreams; -1 once a reload has dropped the server.
        var upstream: Int
        var idle: [UpstreamKey] = []
        var restsUntil: Int64 = 0
        var nextAddress = 0
    }

    private(set) var servers: [Server] = []

    /// The servers of each upstream, as indices into `servers`.
    private var members: [[Int]] = []
    private var next: [Int] = []

    init() {}

    /// Takes over the servers of a configuration; connections to those that stay are kept.
    ///
    /// - Returns: Idle connections to servers that are gone, for the caller to close.
    mutating func adopt(_ upstreams: [UpstreamRuntime]) -> [UpstreamKey] {
        for index in servers.indices { servers[index].upstream = -1 }
        members = []
        for (upstream, runtime) in upstreams.enumerated() {
            members.append(runtime.servers.map { place($0, upstream: upstream) })
        }
        next = Array(repeating: 0, count: upstreams.count)
        var gone: [UpstreamKey] = []
        for index in servers.indices where servers[index].upstream < 0 {
            gone += servers[index].idle
            servers[index].idle = []
        }
        return gone
    }

    /// Chooses a connection for a request: round robin over the servers, a kept-alive one first.
    @inline(__always)
    mutating func checkout(
        _ ticket: borrowing ForwardingTicket,
        upstream: Int,
        now: Int64
    ) -> Checkout {
        let count = members[upstream].count
        var fallback = -1
        for _ in 0..<count {
            let turn = next[upstream]
            next[upstream] = turn + 1 < count ? turn + 1 : 0
            let server = members[upstream][turn]
            if servers[server].runtime.addresses.isEmpty { continue }
            if servers[server].restsUntil > now {
                if fallback < 0 { fallback = server }
                continue
            }
            return take(server)
        }
        return fallback < 0 ? .unavailable : take(fallback)
    }

    /// Keeps a connection for the next request; false when the caller is to close it.
    @inline(__always)
    mutating func keep(_ key: UpstreamKey, server: Int) -> Bool {
        guard servers[server].upstream >= 0,
            servers[server].idle.count < Self.idlePerServerMax
        else { return false }
        servers[server].idle.append(key)
        return true
    }

    /// Forgets a connection that was closed while it was kept.
    mutating func forget(_ key: UpstreamKey, server: Int) {
        servers[server].idle.removeAll { $0 == key }
    }

    /// Passes a server over for a while.
    mutating func rest(server: Int, now: Int64) {
        servers[server].restsUntil = now + Self.restMilliseconds
        servers[server].nextAddress += 1
    }

    /// The address to connect to, which changes after a failure.
    func address(ofServer server: Int) -> SocketAddress {
        let addresses = servers[server].runtime.addresses
        return addresses[servers[server].nextAddress % addresses.count]
    }

    /// The kept-alive connections to the servers of an upstream.
    func idleCount(ofUpstream upstream: Int) -> Int {
        members[upstream].reduce(0) { $0 + servers[$1].idle.count }
    }

    /// The servers that are passed over at present.
    func resting(at now: Int64) -> [String] {
        servers.filter { $0.upstream >= 0 && $0.restsUntil > now }.map(\.runtime.identity)
    }

    @inline(__always)
    private mutating func take(_ server: Int) -> Checkout {
        if let key = servers[server].idle.popLast() { return .idle(key) }
        return .connect(server: server)
    }

    private mutating func place(_ runtime: UpstreamServer, upstream: Int) -> Int {
        let same = servers.firstIndex { server in
            server.upstream < 0 && server.runtime.identity == runtime.identity
        }
        guard let index = same else {
            servers.append(Server(runtime: runtime, upstream: upstream))
            return servers.count - 1
        }
        let idle = servers[index].idle
        servers[index] = Server(runtime: runtime, upstream: upstream, idle: idle)
        return index
    }
}
