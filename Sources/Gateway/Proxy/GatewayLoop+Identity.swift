import HTTP
import Policy

extension GatewayLoop {
    /// The most requests of one loop that wait for keys or for an authorization server.
    static let waitingMax = 1_024

    /// How long a request waits for them.
    static let identityMilliseconds: Int64 = 6_000

    /// Lets a request wait until its token can be judged, or refuses it when there is nothing to
    /// wait for.
    mutating func awaitIdentity(_ key: ClientKey, _ wait: IdentityWait, headBytes: Int) {
        let slot = key.slot
        let tenant = clients[slot].exchange.tenant
        switch wait {
        case .keys(let refusal):
            guard waiting.count < Self.waitingMax else {
                return refuse(key, .keysUnavailable, headBytes: headBytes)
            }
            guard control.wantKeys(tenant: tenant) else {
                return refuse(key, refusal, headBytes: headBytes)
            }
            waiting.append(key)
        case .introspection(let token):
            guard lookupsCount < Self.waitingMax, let identity = identities[tenant] else {
                return refuse(key, .introspectionUnavailable, headBytes: headBytes)
            }
            lookupsCount += 1
            lookupsBegun += 1
            clients[slot].lookup = lookupsBegun
            control.introspect(
                clients[slot].copy(token),
                identity,
                for: LookupTicket(client: key, number: lookupsBegun),
                to: mailbox
            )
        }
        clients[slot].phase = .waiting
        clients[slot].waitingHeadBytes = headBytes
        setDeadline(key, .identity)
    }

    /// Goes on with the requests that wait for keys of a tenant.
    mutating func resumeWaiting(where isMeant: (_ tenant: Int) -> Bool) {
        guard !waiting.isEmpty else { return }
        let keys = waiting
        waiting = []
        for key in keys {
            guard clients.contains(key), clients[key.slot].phase == .waiting else { continue }
            if isMeant(clients[key.slot].exchange.tenant) {
                resume(key, introspected: nil)
            } else {
                waiting.append(key)
            }
        }
    }

    /// Takes what an authorization server says of a token.
    mutating func introspected(_ ticket: LookupTicket, _ outcome: IntrospectionOutcome) {
        lookupsCount -= 1
        let key = ticket.client
        guard clients.contains(key), clients[key.slot].phase == .waiting,
            clients[key.slot].lookup == ticket.number
        else { return }
        resume(key, introspected: outcome)
    }

    /// Decides about a request that has waited, from its beginning: the configuration may be
    /// another by now.
    private mutating func resume(_ key: ClientKey, introspected: IntrospectionOutcome?) {
        let slot = key.slot
        let headBytes = clients[slot].waitingHeadBytes
        let began = clients[slot].exchange.began
        clients[slot].beginExchange(snapshot, now)
        clients[slot].exchange.began = began
        clients[slot].exchange.hasWaited = true
        clients[slot].exchange.introspected = introspected
        do throws(HeadFailure) {
            try clients[slot].read(headBytes, through: &gate, now)
            decideExchange(key, headBytes: headBytes)
        } catch {
            refuse(key, Refusal(error), headBytes: headBytes)
        }
        if clients.contains(key) { advance(key) }
    }

    /// What a request waited for has not come.
    mutating func identityTimedOut(_ key: ClientKey) {
        let slot = key.slot
        let headBytes = clients[slot].waitingHeadBytes
        let isLookup = !waiting.contains(key)
        waiting.removeAll { $0 == key }
        clients[slot].phase = .exchanging
        do throws(HeadFailure) {
            try clients[slot].read(headBytes, through: &gate, now)
            refuse(
                key,
                isLookup ? .introspectionUnavailable : .keysUnavailable,
                headBytes: headBytes
            )
        } catch {
            refuse(key, Refusal(error), headBytes: headBytes)
        }
        if clients.contains(key) { advance(key) }
    }
}

extension ClientConnection {
    /// A copy of bytes of the head in the buffer.
    func copy(_ range: Range<Int>) -> [UInt8] {
        let bytes = unsafe input.unowned.extracting(range)
        return bytes.indices.map { bytes[$0] }
    }
}
