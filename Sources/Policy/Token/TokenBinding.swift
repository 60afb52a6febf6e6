/// What a token is bound to, RFC 7800: whoever sends it must show possession of all of it.
public struct TokenBinding: Hashable, Sendable {
    /// The key of the proofs, `cnf.jkt` of RFC 9449 section 6.1.
    public var proofKey: Thumbprint?

    /// The client's certificate, `cnf.x5t#S256` of RFC 8705 section 3.1.
    public var certificate: Thumbprint?

    /// Creates a binding to nothing.
    public init() {}
}
