import HTTP
import Policy

extension GatewayLoop {
    /// The most requests of one loop that wait for keys, and as many for authorization servers.
    static let waitingMax = 4_096

    /// The most of them that wait for the keys of one tenant, so that there is room for others.
    static let waitingPerTenantMax = 1_024

    /// How long a request waits for them.
    static let identityMilliseconds: Int64 = 6_000

    /// Lets a request wait until its token can be judged, or refuses it when there is nothing to
    /// wait for.
    mutating func awaitIdentity(_ key: ClientKey, _ wait: IdentityWait, headBytes: Int) {
        let slot = key.slot
        let tenant = clients[slot].exchange.tenant
        clients[slot].lookup = 0
        switch wait {
        case .keys(let refusal):
            guard hasRoomToWait(tenant: tenant) else {
                return refuse(key, .keysUnavailable, headBytes: headBytes)
            }
            guard let standing = identities[tenant]?.standing,
                control.wantKeys(tenant: tenant, beyond: standing)
            else {
                return refuse(key, refusal, headBytes: headBytes)
            }
            waiting.append(WaitingClient(key: key, tenant: tenant))
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

    private func hasRoomToWait(tenant: Int) -> Bool {
        waiting.count < Self.waitingMax
            && waiting.count { $0.tenant == tenant } < Self.waitingPerTenantMax
    }

    /// Goes on with the requests that wait for keys of `tenant`.
    mutating func resumeWaiting(tenant: Int) {
        guard !waiting.isEmpty else { return }
        let ready = waiting.filter { $0.tenant == tenant }
        waiting.removeAll { $0.tenant == tenant }
        for one in ready where isWaiting(one.key) { resume(one.key, introspected: nil) }
    }

    /// Judges the requests that wait for keys again because the configuration is another one: what
    /// they wait for may not come any more, and they may wait for something else.
    mutating func askAgain() {
        let all = waiting
        waiting = []
        for one in all where isWaiting(one.key) {
            beginAnew(one.key)
            decideAnew(one.key)
        }
    }

    private func isWaiting(_ key: ClientKey) -> Bool {
        clients.contains(key) && clients[key.slot].phase == .waiting
    }

    /// Takes what an authorization server says of a token.
    mutating func introspected(_ ticket: LookupTicket, _ outcome: IntrospectionOutcome) {
        lookupsCount -= 1
        let key = ticket.client
        guard isWaiting(key), clients[key.slot].lookup == ticket.number else { return }
        resume(key, introspected: outcome)
    }

    /// Decides about a request that has got what it waited for.
    private mutating func resume(_ key: ClientKey, introspected: IntrospectionOutcome?) {
        beginAnew(key)
        clients[key.slot].exchange.hasWaited = true
        clients[key.slot].exchange.introspected = introspected
        decideAnew(key)
    }

    /// Goes back to the beginning of a request: the configuration may be another by now.
    private mutating func beginAnew(_ key: ClientKey) {
        let began = clients[key.slot].exchange.began
        let isCounted = clients[key.slot].exchange.isCounted
        clients[key.slot].beginExchange(snapshot, now)
        clients[key.slot].exchange.began = began
        clients[key.slot].exchange.isCounted = isCounted
    }

    private mutating func decideAnew(_ key: ClientKey) {
        let slot = key.slot
        let headBytes = clients[slot].waitingHeadBytes
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
        let isLookup = !waiting.contains { $0.key == key }
        waiting.removeAll { $0.key == key }
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

/// A client whose request waits for the keys of a tenant.
struct WaitingClient: Sendable {
    let key: ClientKey
    let tenant: Int
}

extension ClientConnection {
    /// A copy of bytes of the head in the buffer.
    func copy(_ range: Range<Int>) -> [UInt8] {
        let bytes = unsafe input.unowned.extracting(range)
        return bytes.indices.map { bytes[$0] }
    }
}
