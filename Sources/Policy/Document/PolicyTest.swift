/// A `test` line: one request and what must become of it.
struct PolicyTest: Sendable {
    var name: String
    var method: String

    /// The path without a query.
    var path: String

    /// What follows the first `?`.
    var query: String?

    /// The request's body; `nil`: none is given, and none is looked at.
    var body: String?
    var tenant: Word?
    var roles: [Word] = []
    var scopes: [String] = []
    var client: String?
    var claims: [Claim] = []

    /// Where the connection comes from; `nil`: from nowhere that a line names.
    var address: NetworkAddress?

    /// Whether the request has a token: it does when anything is said about the caller.
    var hasToken = false
    var expectation: Expectation
    var position: SourcePosition

    /// A claim of the token.
    struct Claim: Hashable, Sendable {
        var path: [String]
        var value: String

        /// Whether it is one of several.
        var isElement = false
    }

    /// What the line expects.
    enum Expectation: Hashable, Sendable {
        case allow
        case status(Int)
        case code(String)
    }
}
