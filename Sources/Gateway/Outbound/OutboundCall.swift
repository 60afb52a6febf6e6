/// A request under way, from when it was asked for until its completion is called.
struct OutboundCall {
    let completion: OutboundClient.Completion

    /// In monotonic milliseconds.
    let deadline: Int64

    var exchange: OutboundExchange

    /// The connection that serves it or is being made for it.
    var connection: Slab<OutboundConnection>.Key?

    /// How its origin is reached, once that is known.
    var server: OutboundServer?

    /// The addresses that were tried.
    var triedCount = 0

    /// Why the last address could not be reached.
    var trouble = OutboundFailure.timeout

    /// Whether it was sent again, which happens once.
    var wasRepeated = false

    /// Whose connections serve it.
    var origin: OutboundOrigin {
        OutboundOrigin(exchange.url, caPath: exchange.request.caPath)
    }

    /// The next address to try.
    mutating func nextAddress() -> SocketAddress? {
        guard let server, triedCount < server.addresses.count else { return nil }
        defer { triedCount += 1 }
        return server.addresses[triedCount]
    }

    /// When the attempt at the address taken last has to be connected: each of those left has an
    /// equal share of the time left, so that one that never answers does not take it all.
    func attemptDeadline(at now: Int64) -> Int64 {
        let left = Int64(max((server?.addresses.count ?? 0) - triedCount, 0)) + 1
        return now + max(deadline - now, 0) / left
    }
}
