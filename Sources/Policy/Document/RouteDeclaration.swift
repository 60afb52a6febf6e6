/// A `route NAME { ... }` statement as written.
struct RouteDeclaration: Sendable {
    var name: Word
    var matches: [MatchLine] = []

    /// Whether there is a `match` line, be it one that could not be read.
    var hasMatchLine = false
    var isPublic = false
    var passesCredentials = false
    var rules = RuleLines()
    var eventFamily: String?
    var errorStyle = ErrorStyle.mattr
    var isNoStore = false
    var servesEvents = false

    /// Who may call it; anything but a clear `public` or `credentials pass` asks for a token.
    var access: RouteAccess {
        switch (isPublic, passesCredentials, rules.isSaid) {
        case (true, false, false): .public
        case (false, true, false): .credentialsPass
        default: .authorized
        }
    }
}

/// A `match METHOD TEMPLATE` line.
struct MatchLine: Sendable {
    var pattern: MethodPattern
    var template: PathTemplate
    var position: SourcePosition
}

/// The allow and deny lines of a route, or of a tenant's override of one.
struct RuleLines: Sendable {
    var allows: [RuleLine] = []
    var denies: [RuleLine] = []

    /// Whether there is an `allow` line, be it one that could not be read.
    var saysAllow = false

    /// Whether there is a `deny` line, be it one that could not be read.
    var saysDeny = false

    /// Whether there is any line.
    var isSaid: Bool { saysAllow || saysDeny }
}

/// One `allow` or `deny` line.
struct RuleLine: Sendable {
    /// The conditions between `and`s: all clauses must hold, and of a clause any condition.
    ///
    /// No clause is `any`: it holds for every caller with a valid token.
    var clauses: [[Condition]] = []

    /// The role words in it, for the check against the declared roles.
    var roles: [Word] = []
    var position: SourcePosition
}
