/// Proof that the policy let one request through.
///
/// Only `CompiledPolicy` makes one and it cannot be copied, so code that forwards a request by
/// consuming a permit cannot forward one that was never decided, nor two for one decision.
public struct Permit: ~Copyable, Sendable {
    /// The route, an index into `CompiledPolicy.routes`.
    public let route: Int

    /// The line that allowed the request; `nil` on a public route and one that passes credentials.
    public let rule: RuleID?

    init(route: Int, rule: RuleID?) {
        self.route = route
        self.rule = rule
    }
}
