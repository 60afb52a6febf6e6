/// What other threads tell a loop.
enum LoopMessage: Sendable {
    /// A new configuration, with what each tenant's tokens are validated with; `adopted` is called
    /// once nothing of the one before is held, but by requests that run.
    case adopt(
        Snapshot,
        identities: [TenantIdentity?],
        epoch: Int,
        adopted: @Sendable () -> Void
    )

    /// A tenant has other keys; `epoch` says to which list of identities it belongs.
    case identify(epoch: Int, tenant: Int, TenantIdentity?)

    /// What the authorization server says of the token that a client waits with.
    case introspected(LookupTicket, IntrospectionOutcome)

    /// Other revocations; `adopted` is called once they count.
    case revoke(RevocationList, adopted: @Sendable () -> Void)

    /// An event that is tied to no request, for the journal.
    case record(GatewayEvent)

    /// An answer that was worked out off the loop.
    case answer(ClientKey, status: Int, json: [UInt8])

    /// Whoever asks wants to know the numbers.
    case report(@Sendable (LoopReport) -> Void)

    /// Whoever asks wants to know why the request with an identifier was refused.
    case explain([UInt8], @Sendable (RefusedRequest?) -> Void)

    /// Accept no more; finish what runs.
    case drain

    /// End now, whatever runs.
    case stop
}

/// Which request waits for what an authorization server says: a connection, and the number of the
/// lookup, since what comes late must not count for another token of the same connection.
struct LookupTicket: Hashable, Sendable {
    let client: ClientKey
    let number: UInt64
}

/// What a loop asks of the rest of the gateway.
///
/// Called on the loop's thread; must not block.
protocol LoopControl: AnyObject, Sendable {
    /// A tenant's token names a key that is not in its set, as it stands for the loop.
    ///
    /// - Returns: Whether keys are being fetched now, or were and are on their way to the loop; the
    ///   tenant's identity is told anew when that has ended, be it the same.
    func wantKeys(tenant: Int, beyond standing: KeyStanding) -> Bool

    /// Asks the authorization server about a token and posts its word to `mailbox`.
    func introspect(
        _ token: [UInt8],
        _ identity: TenantIdentity,
        for: LookupTicket,
        to: Mailbox<LoopMessage>
    )

    /// Answers an event query off the loop and posts the answer to `mailbox`.
    func query(
        _ question: EventQuestion,
        tenant: String,
        for client: ClientKey,
        to: Mailbox<LoopMessage>
    )

    /// Says something that an operator should read.
    func report(_ words: String)
}
