/// An event of the gateway's own about one tenant, tied to no request.
struct GatewayEvent: Sendable {
    let type: StaticString
    let tenant: String

    /// Why, in a word of the program's own.
    let reason: StaticString

    /// The tenant's keys can no longer be fetched.
    static func keysOutage(tenant: String, reason: StaticString) -> Self {
        Self(type: "GATEWAY_KEYS_OUTAGE", tenant: tenant, reason: reason)
    }

    /// They can again; `reason` is why they could not.
    static func keysRecovery(tenant: String, reason: StaticString) -> Self {
        Self(type: "GATEWAY_KEYS_RECOVERY", tenant: tenant, reason: reason)
    }
}
