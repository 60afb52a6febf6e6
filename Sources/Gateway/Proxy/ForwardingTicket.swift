import Policy

/// Proof that one request may go to an upstream: the policy's permit and the journal's word that
/// the START is written, both used up.
///
/// `UpstreamPool` gives out connections against a ticket only, so a request that was never
/// decided or never recorded cannot be forwarded.
struct ForwardingTicket: ~Copyable {
    /// The line of the policy that allowed the request.
    let rule: RuleID?

    init(permit: consuming Permit, recorded: consuming StartProof) {
        rule = permit.rule
    }
}
