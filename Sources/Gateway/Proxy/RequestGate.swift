import HTTP
import Policy

/// What becomes of a request.
enum Admission: ~Copyable {
    /// It goes to the tenant's upstream.
    case forward(ForwardingTicket)

    /// It goes there once its body is here whole and was looked at.
    case hold(ForwardingTicket)

    /// The same, and its START is written then, since that tells of the body.
    case holdUnrecorded(Permit)

    /// The gateway answers it from the journal.
    case serveEvents(ForwardingTicket)

    /// The gateway answers it with what the tenant tells clients of itself.
    case serveMetadata

    case refuse(Refusal)

    /// It is decided once something is known that has to be asked for.
    case wait(IdentityWait)
}

/// What policy and route say of a request.
private enum Judgement: ~Copyable {
    case allowed(Permit)
    case refused(Refusal)
}

/// What a request waits for before its token can be judged.
enum IdentityWait: Hashable, Sendable {
    /// For keys that are being fetched; without them the answer would be the refusal.
    case keys(Refusal)

    /// For what the authorization server says of the token, which stands there in the head.
    case introspection(token: Range<Int>)
}

/// The checks between a head and its forwarding, in the order of the contract; the first that
/// fails answers.
///
/// The only place that knows HTTP, identity and policy together.
struct RequestGate: ~Copyable {
    var head: RequestHead
    var tokens: TokenValidator
    var parameters = PathParameters()

    /// The same of the shadow policy; nobody looks at it.
    var shadowParameters = PathParameters()

    /// The caller of the request in hand; `nil` on public routes.
    var principal: Principal?

    /// How the token of the request in hand was sent; `nil` when none was found.
    var scheme: Credential.Scheme?

    /// Everything that is wrong with the request, for the `details` of an `invalid-request`.
    var faults: [RequestFault] = []

    /// What is wrong with the authorization request in hand.
    var authorizationFault: AuthorizationFault?

    /// What goes into the event in hand.
    var captured = CapturedMembers()

    /// What the matched path allows, for a 405.
    var allowed = MethodSet()

    /// How long a client that made too many requests has to wait; `nil` when it did not.
    var retryAfterSeconds: Int?

    /// Counts requests for the `rate` lines.
    let rates: RateStore

    /// Where the random part of request identifiers and traces comes from.
    var random: IdentifierSource

    /// Checks that the caller holds the key of a bound token.
    var proofs: ProofValidator

    /// Where the nonces of proofs come from.
    let nonces: ProofNonces

    init(
        limits: HeadLimits,
        tokens: consuming TokenValidator,
        replays: ReplayStore,
        nonces: ProofNonces,
        rates: RateStore,
        random: IdentifierSource
    ) {
        head = RequestHead(limits: limits)
        self.tokens = tokens
        proofs = ProofValidator(replays: replays, nonces: nonces)
        self.nonces = nonces
        self.rates = rates
        self.random = random
    }

    /// Takes a head apart and names the request.
    ///
    /// - Throws: Why the head is not understood; the connection ends with the answer.
    @inline(__always)
    mutating func read(
        _ bytes: Span<UInt8>,
        exchange: inout Exchange,
        now: LoopTime
    ) throws(HeadFailure) {
        forget()
        try head.parse(bytes)
        exchange.method = head.method
        exchange.isHTTP10 = head.version == .http10
        exchange.expectsContinue = head.expectsContinue && head.version == .http11
        exchange.body = RequestBody(head.framing)
        if let own = clientRequestID(bytes) { exchange.requestID = own }
    }

    /// Forgets the last request, for an answer to a head that was not understood.
    mutating func forget() {
        principal = nil
        scheme = nil
        if !faults.isEmpty { faults = [] }
        authorizationFault = nil
        allowed = MethodSet()
        retryAfterSeconds = nil
    }

    /// An identifier for a request that brings none of its own.
    @inline(__always)
    mutating func newRequestID(_ now: LoopTime) -> RequestID {
        RequestID(uuidV7: now.unixMilliseconds, random: (random.next(), random.next()))
    }

    /// Decides a request whose head was read.
    @inline(__always)
    mutating func admit(
        _ bytes: Span<UInt8>,
        behind: Span<UInt8>,
        exchange: inout Exchange,
        caller: borrowing Caller,
        identities: [TenantIdentity?],
        journal: inout LoopJournal,
        now: LoopTime
    ) -> Admission {
        guard let snapshot = exchange.snapshot else { return .refuse(.routeNotFound) }
        if let refusal = locate(bytes, &exchange, snapshot, caller) { return .refuse(refusal) }
        guard exchange.route >= 0 else { return .serveMetadata }
        exchange.noStore = snapshot.policy.routes[exchange.route].isNoStore
        noteAuthorization(bytes, &exchange, snapshot)
        if let refusal = count(&exchange, snapshot, caller, now) { return .refuse(refusal) }
        // Which of two credentials counts is not for the issuer to guess either.
        let access = snapshot.policy.routes[exchange.route].access
        guard access == .public || head.authorizationCount <= 1 else {
            compare(.credentialsRepeated, credential: true, bytes, &exchange, snapshot, caller)
            return .refuse(.credentialsRepeated)
        }
        if access == .authorized {
            let identity = identities[exchange.tenant]
            switch identify(bytes, &exchange, identity, caller, now) {
            case .known:
                if let refusal = countClient(exchange, snapshot, now) { return .refuse(refusal) }
            case .refused(let refusal):
                compare(refusal, credential: true, bytes, &exchange, snapshot, caller)
                return .refuse(refusal)
            case .waits(let wait): return .wait(wait)
            }
        }
        capture(bytes, behind: behind, &exchange, snapshot)
        if startWaits(exchange, snapshot) {
            switch judge(bytes, &exchange, snapshot, caller) {
            case .allowed(let permit): return .holdUnrecorded(permit)
            case .refused(let refusal):
                let recorded = record(bytes, &exchange, caller, &journal, now)
                return .refuse(recorded == nil ? .journalUnavailable : refusal)
            }
        }
        guard let recorded = record(bytes, &exchange, caller, &journal, now) else {
            return .refuse(.journalUnavailable)
        }
        return decide(bytes, &exchange, snapshot, caller, recorded)
    }

    /// Writes the START of the request in hand.
    @inline(__always)
    private mutating func record(
        _ bytes: Span<UInt8>,
        _ exchange: inout Exchange,
        _ caller: borrowing Caller,
        _ journal: inout LoopJournal,
        _ now: LoopTime
    ) -> StartProof? {
        captured.finish()
        return journal.start(
            &exchange,
            method: bytes.extracting(head.methodRange),
            address: caller.addressText,
            principal: principal,
            template: parameters.template,
            captured: captured.text,
            now
        )
    }

    /// Host, path, method: which route of which tenant this is; none when the tenant's metadata is
    /// asked for.
    private mutating func locate(
        _ bytes: Span<UInt8>,
        _ exchange: inout Exchange,
        _ snapshot: Snapshot,
        _ caller: borrowing Caller
    ) -> Refusal? {
        guard !head.host.isEmpty,
            let tenant = snapshot.hosts.tenant(ofHost: bytes.extracting(head.host))
        else { return .hostUnknown }
        exchange.tenant = tenant
        let state = snapshot.tenantStates[tenant]
        if state == .suspended { return .tenantSuspended }
        if state == .closed { return .tenantClosed }
        guard !head.hasUpgrade else { return .upgradeNotSupported }
        guard head.targetForm == .origin || head.targetForm == .absolute else {
            return head.method == .connect ? .methodNotAllowed : .pathNotCanonical
        }
        let path = bytes.extracting(head.pathRange)
        guard PathCanonicality.check(path) else { return .pathNotCanonical }
        if ResourceMetadata.isPath(path), snapshot.tenants[tenant].metadata?.isAnswered == true {
            allowed.insert(.get)
            allowed.insert(.head)
            return allowed.contains(MethodCode(head.method)) ? nil : .methodNotAllowed
        }
        switch snapshot.policy.match(
            method: MethodCode(head.method),
            path: path,
            parameters: &parameters
        ) {
        case .route(let route):
            exchange.route = route
            let isRefused = state == .readOnly && !MethodCode(head.method).isSafe
            return isRefused ? .tenantReadOnly : nil
        case .methodNotAllowed(let allow):
            allowed = allow
            compare(.methodNotAllowed, bytes, &exchange, snapshot, caller)
            return .methodNotAllowed
        case .notFound:
            compare(.routeNotFound, bytes, &exchange, snapshot, caller)
            return .routeNotFound
        }
    }

    /// The policy, and then what the route says of path, query and body.
    private mutating func judge(
        _ bytes: Span<UInt8>,
        _ exchange: inout Exchange,
        _ snapshot: Snapshot,
        _ caller: borrowing Caller
    ) -> Judgement {
        switch verdict(exchange, snapshot, caller) {
        case .deny(let denial):
            let refusal: Refusal = denial == .roleMissing ? .roleMissing : .denied
            compare(refusal, bytes, &exchange, snapshot, caller)
            return .refused(refusal)
        case .allow(let permit):
            compare(nil, bytes, &exchange, snapshot, caller)
            if let refusal = inspect(bytes, exchange, snapshot) { return .refused(refusal) }
            return .allowed(permit)
        }
    }

    /// Where a recorded request goes, if it may.
    private mutating func decide(
        _ bytes: Span<UInt8>,
        _ exchange: inout Exchange,
        _ snapshot: Snapshot,
        _ caller: borrowing Caller,
        _ recorded: consuming StartProof
    ) -> Admission {
        switch judge(bytes, &exchange, snapshot, caller) {
        case .refused(let refusal): return .refuse(refusal)
        case .allowed(let permit):
            let ticket = ForwardingTicket(permit: permit, recorded: recorded)
            if snapshot.policy.routes[exchange.route].servesEvents { return .serveEvents(ticket) }
            return snapshot.policy.routes[exchange.route].holdsBody
                ? .hold(ticket) : .forward(ticket)
        }
    }

    private func verdict(
        _ exchange: borrowing Exchange,
        _ snapshot: Snapshot,
        _ caller: borrowing Caller
    ) -> Verdict {
        let (route, tenant) = (exchange.route, exchange.tenant)
        var facts = snapshot.policy.facts(of: caller.address.network, tenant: tenant)
        guard let principal else {
            return snapshot.policy.decideWithoutToken(route: route, tenant: tenant, facts: facts)
        }
        facts.formUnion(principal.facts)
        return snapshot.policy.decide(route: route, tenant: tenant, facts: facts)
    }

    /// The client's own identifier, when it sent exactly one that is well formed.
    private func clientRequestID(_ bytes: Span<UInt8>) -> RequestID? {
        guard head.fields.count(of: .xRequestID) == 1,
            let index = head.fields.firstIndex(of: .xRequestID)
        else { return nil }
        return RequestID(wellFormed: bytes.extracting(head.fields[index].value))
    }
}
