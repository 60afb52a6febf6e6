/// What a token is bound to, RFC 7800: whoever sends it must show possession of all of it.
public struct TokenBinding: Hashable, Sendable {
    /// The key of the proofs, `cnf.jkt` of RFC 9449 section 6.1.
    public var proofKey: Thumbprint?

    /// The client's certificate, `cnf.x5t#S256` of RFC 8705 section 3.1.
    public var certificate: Thumbprint?

    /// Creates a binding to nothing.
    public init() {}

    /// Whether nothing has to be shown.
    public var isEmpty: Bool { proofKey == nil && certificate == nil }

    /// Reads the `cnf` of a token.
    ///
    /// - Throws: `.binding` for one that cannot be checked in full: it is not an object, is empty,
    ///   or has a member besides the two, or one that is not a SHA-256 digest in base64url.
    init(of claims: borrowing Claims) throws(TokenRefusal) {
        guard let confirmation = claims[.confirmation] else { return }
        let document = claims.document
        guard document.kind(of: confirmation) == .object else { throw .binding }
        var isClosed = true
        document.forEachMember(of: confirmation) { name, value in
            let thumbprint = document.string(of: value).flatMap { Thumbprint(base64URL: $0.span) }
            if document.equals(name, "jkt") {
                proofKey = thumbprint
            } else if document.equals(name, "x5t#S256") {
                certificate = thumbprint
            } else {
                isClosed = false
            }
            if thumbprint == nil { isClosed = false }
        }
        guard isClosed, !isEmpty else { throw .binding }
    }

    /// The members of `cnf`, for an explanation.
    var names: String {
        switch (proofKey, certificate) {
        case (nil, nil): "no cnf"
        case (_, nil): "cnf with jkt"
        case (nil, _): "cnf with x5t#S256"
        default: "cnf with jkt and x5t#S256"
        }
    }
}
