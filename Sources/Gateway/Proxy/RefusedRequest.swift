import HTTP
import Policy

/// What is kept of a request that the gateway refused, for somebody who asks why.
///
/// Neither its path nor its query: an identifier in a path can be as good as a code.
struct RefusedRequest: Sendable {
    let requestID: RequestID
    let unixMilliseconds: Int64

    /// Which configuration the indices belong to, `Snapshot.generation`.
    let generation: Int

    /// An index into the snapshot's tenants; -1 when none matched.
    let tenant: Int

    /// An index into the policy's routes; -1 when none matched.
    let route: Int
    let method: Method
    let refusal: Refusal

    /// What held of the caller, of a refusal by the policy.
    let facts: FactSet

    /// The client's name, of a refusal by the policy; as in `Principal`.
    let client: [UInt8]

    /// The caller's roles with a comma between them, of a refusal by the policy.
    let roles: [UInt8]
}
