/// What the policy says about one request.
public enum Verdict: ~Copyable, Sendable {
    /// The request may go on. The permit proves it.
    case allow(Permit)

    /// The request is refused with 403.
    case deny(Denial)
}
