import HTTP

extension GatewayLoop {
    /// Answers what a tenant tells clients of itself; no event tells of it, and no upstream sees it.
    mutating func serveMetadata(_ key: ClientKey, headBytes: Int) {
        let slot = key.slot
        settleBody(slot, headBytes: headBytes, isUnderstood: true)
        let json = clients[slot].metadata(authority: gate.head.authority)
        clients[slot].exchange.status = 200
        clients[slot].exchange.isFinished = true
        clients[slot].count(.succeeded, in: &metrics, now)
        outbound.removeAll()
        clients[slot].writeLocal(
            status: 200,
            length: json.count,
            caching: "public, max-age=600",
            date: now.date,
            to: &outbound
        )
        clients[slot].input.consume(headBytes)
        clients[slot].rest = clients[slot].exchange.method == .head ? [] : json
        let progress = clients[slot].transport.write(
            unsafe outbound.unowned,
            stage: stage,
            pool: &buffers
        )
        sendRest(key, after: progress)
    }
}

extension ClientConnection {
    /// The document of the tenant whose host stands in the head in the buffer.
    fileprivate func metadata(authority: Range<Int>) -> [UInt8] {
        guard let tenant = exchange.snapshot?.tenants[exchange.tenant] else { return [] }
        return tenant.metadata?.json(authority: unsafe input.unowned.extracting(authority)) ?? []
    }
}
