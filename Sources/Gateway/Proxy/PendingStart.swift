import Policy

/// A START that is written once the body of its request is here whole, with what it needs for that.
struct PendingStart {
    /// The tenant's and route's part; `nil` when no START is wanted.
    let scope: EventScope?
    let method: [UInt8]
    let principal: Principal?

    /// What only a START tells: template and caller.
    let details: [UInt8]

    /// What the query says.
    let captured: CapturedMembers
}
