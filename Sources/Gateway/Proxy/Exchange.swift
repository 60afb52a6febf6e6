import HTTP
import Policy

/// One request and its answer, from the head to the outcome event.
struct Exchange: ~Copyable {
    /// How the answer's body is framed towards the client.
    enum Framing: UInt8 {
        /// None, or as long as `Content-Length` says.
        case asDeclared
        case chunked

        /// The end of the connection ends it; for HTTP/1.0 clients.
        case untilClose
    }

    /// The configuration that the request is decided and forwarded under.
    var snapshot: Snapshot?

    /// An index into the snapshot's tenants; -1 while none has matched.
    var tenant = -1

    /// An index into the policy's routes; -1 while none has matched.
    var route = -1

    var requestID = RequestID(uuidV7: 0, random: (0, 0))
    var method = Method.other
    var isHTTP10 = false

    /// Whether the client waits for `100 Continue` before it sends the body.
    var expectsContinue = false

    /// What of the request's body is still to be taken from the client.
    var body = RequestBody.complete

    /// Proof that the START is in the journal; gone once the outcome is.
    var receipt: StartReceipt?

    /// Whether the outcome was told to journal and metrics.
    var isFinished = false

    /// When the head was complete, in monotonic microseconds.
    var began: Int64 = 0

    /// Proof that the request may be forwarded.
    var ticket: ForwardingTicket?

    /// The policy's word on a request whose START is not written yet.
    var permit: Permit?

    var upstream: UpstreamKey?

    /// The status that the upstream answered; 0 while it has not.
    var upstreamStatus = 0

    /// The status of the answer that was begun towards the client; 0 while none was.
    var status = 0

    var framing = Framing.asDeclared

    /// Whether the request may be sent a second time, RFC 9110 section 9.2.2.
    var isRepeatable = false

    /// Whether the answer must not be stored, whatever the upstream says.
    var noStore = false

    /// Whether it is an authorization request, whose answers are for a browser.
    var isAuthorization = false

    /// Whether its caller would rather read a page than JSON.
    var wantsPage = false

    /// Whether it has waited for keys or for what an authorization server says.
    var hasWaited = false

    /// Whether it was counted by its address and its tenant.
    var isCounted = false

    /// The code whose attempt is counted and would be taken back.
    var attempt: Thumbprint?

    /// How the request's body is taken apart, when something of it is captured while it passes.
    var tapped: CapturedForm?

    /// The error that the answer, a redirect, tells the client of.
    var redirectFault: EventOutcome.Fault?

    /// What the authorization server said of the token.
    var introspected: IntrospectionOutcome?

    /// What the shadow policy says; `nil` without one and while nothing is decided.
    var shadow: ShadowFinding?

    /// The nonce for the next proof, which the answer tells; mostly empty.
    var nonce: [UInt8] = []

    /// Whether what waits of a body is the beginning of something that has to be complete.
    var needsInput = false

    /// Whether the request was sent a second time.
    var wasRepeated = false

    /// How many connections were tried.
    var attempts = 0

    init() {}

    /// Has the answer tell the nonce for the next proof, RFC 9449 section 8.2: it must not be stored
    /// then, or the nonce would be told again when it is old.
    mutating func offer(_ nonce: [UInt8]) {
        self.nonce = nonce
        noStore = true
    }

    /// Whether the route wants a token, so that the gateway is who asks for proofs.
    var isAuthorized: Bool {
        guard let snapshot, route >= 0 else { return false }
        return snapshot.policy.routes[route].access == .authorized
    }

    /// Makes it ready for the next request.
    @inline(__always)
    mutating func reset(_ snapshot: Snapshot, began: Int64) {
        self.snapshot = snapshot
        tenant = -1
        route = -1
        method = .other
        isHTTP10 = false
        expectsContinue = false
        body = .complete
        isFinished = false
        self.began = began
        upstream = nil
        upstreamStatus = 0
        status = 0
        framing = .asDeclared
        isRepeatable = false
        attempts = 0
        noStore = false
        isAuthorization = false
        wantsPage = false
        needsInput = false
        wasRepeated = false
        hasWaited = false
        isCounted = false
        attempt = nil
        tapped = nil
        redirectFault = nil
        introspected = nil
        nonce = []
        shadow = nil
    }
}
