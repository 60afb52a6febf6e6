import HTTP
import Policy

/// The last refusals of one loop; texts are made only when somebody asks.
struct RefusalRing {
    /// How many are kept.
    static let entriesMax = 10_000

    private var entries: [RefusedRequest] = []

    /// Where the next goes once the ring is full: the place of the oldest.
    private var next = 0

    /// Puts one in, in place of the oldest when the ring is full.
    mutating func add(_ refused: RefusedRequest) {
        guard entries.count == Self.entriesMax else {
            // All of it at once, so that nothing is moved later.
            if entries.isEmpty { entries.reserveCapacity(Self.entriesMax) }
            return entries.append(refused)
        }
        entries[next] = refused
        next = (next + 1) % Self.entriesMax
    }

    /// The newest with an identifier, which a client may have used more than once.
    func last(of identifier: [UInt8]) -> RefusedRequest? {
        for offset in entries.indices {
            let index = (next + entries.count - 1 - offset) % entries.count
            let kept = entries[index].requestID
            if kept.span.isEqual(to: identifier.span) { return entries[index] }
        }
        return nil
    }
}

extension ClientConnection {
    /// What to keep of the request that is refused.
    ///
    /// Only a refusal by the policy is decided while the gate still knows the caller.
    func refused(
        _ refusal: Refusal,
        gate: borrowing RequestGate,
        _ snapshot: Snapshot,
        _ now: LoopTime
    ) -> RefusedRequest {
        let snapshot = exchange.snapshot ?? snapshot
        var facts = FactSet()
        var caller: Principal?
        if refusal == .roleMissing || refusal == .denied {
            caller = gate.principal
            facts = snapshot.policy.facts(of: address.network, tenant: exchange.tenant)
            if let caller { facts.formUnion(caller.facts) }
        }
        return RefusedRequest(
            requestID: exchange.requestID,
            unixMilliseconds: now.unixMilliseconds,
            generation: snapshot.generation,
            tenant: exchange.tenant,
            route: exchange.route,
            method: exchange.method,
            refusal: refusal,
            facts: facts,
            client: caller?.client ?? [],
            roles: caller?.roles ?? []
        )
    }
}
