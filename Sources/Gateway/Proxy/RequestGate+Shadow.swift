import HTTP
import Policy

extension RequestGate {
    /// Has the shadow policy, if there is one, decide what the policy in force has decided.
    ///
    /// `enforced` is why the request is refused, `nil` when it is not; a refusal for the credential
    /// is said to be one.
    @inline(__always)
    mutating func compare(
        _ enforced: Refusal?,
        credential isOfCredential: Bool = false,
        _ bytes: Span<UInt8>,
        _ exchange: inout Exchange,
        _ snapshot: Snapshot,
        _ caller: borrowing Caller
    ) {
        guard let shadow = snapshot.shadow else { return }
        let found = shadow.shadowAnswer(
            method: MethodCode(head.method),
            path: bytes.extracting(head.pathRange),
            tenant: exchange.tenant,
            address: caller.address.network,
            caller: isOfCredential ? .refused : shadowCaller,
            parameters: &shadowParameters
        )
        exchange.shadow = ShadowFinding(
            enforced: enforced,
            answer: found.answer,
            route: Int32(truncatingIfNeeded: found.route)
        )
    }

    /// What is known of the caller when nothing was wrong with its credential.
    private var shadowCaller: ShadowCaller {
        if let principal { return .known(principal.shadowFacts) }
        return head.authorizationIndex == nil ? .stranger : .unjudged
    }
}
