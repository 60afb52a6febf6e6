/// A `route NAME { ... }` statement as written, or the lines that the routes of a set share.
struct RouteDeclaration: Sendable {
    /// The name of the route, or the keyword of the set.
    var name: Word

    /// What stands in front of every template, from the set around it.
    var prefix = ""

    /// The routes of a set, not read yet.
    var routes: [Statement] = []
    var matches: [MatchLine] = []

    /// Whether there is a `match` line, be it one that could not be read.
    var hasMatchLine = false
    var isPublic = false
    var passesCredentials = false

    /// Whether the token goes on once it has been found good.
    var forwardsToken = false
    var rules = RuleLines()
    var eventFamily: String?
    var errorStyle: ErrorStyle?
    var isNoStore = false
    var servesEvents = false
    var checksAuthorization = false
    var schema = SchemaReader.Draft()

    /// At most one for each key.
    var rates: [RateLineReader.Line] = []
    var guarded: GuardLineReader.Line?

    /// What goes into the `data` of its events.
    var captures: [CaptureLineReader.Entry] = []

    /// Who may call it; anything but a clear `public` or `credentials pass` asks for a token.
    var access: RouteAccess {
        switch (isPublic, passesCredentials, rules.saysAllow) {
        case (true, false, false): .public
        case (false, true, false): .credentialsPass
        default: .authorized
        }
    }

    /// Whether its requests, when they are checked, are pushed ones.
    var isPushed: Bool { !matches.isEmpty && matches.allSatisfy { $0.pattern == .one(.post) } }

    /// Whether it says who may call it, be it nobody.
    var saysAccess: Bool { isPublic || passesCredentials || rules.isSaid }

    /// Takes in the lines of the set around it.
    ///
    /// What the route says itself counts instead of what the set says of the same thing, but for
    /// `deny` lines, which add up: a set closes what none of its routes can open.
    mutating func inherit(_ set: RouteDeclaration) {
        if !isPublic, !passesCredentials, !rules.saysAllow {
            isPublic = set.isPublic
            passesCredentials = set.passesCredentials
            rules.allows = set.rules.allows
            rules.saysAllow = set.rules.saysAllow
        }
        if !isPublic, !passesCredentials { forwardsToken = forwardsToken || set.forwardsToken }
        rules.denies = set.rules.denies + rules.denies
        rules.saysDeny = rules.saysDeny || set.rules.saysDeny
        eventFamily = eventFamily ?? set.eventFamily
        errorStyle = errorStyle ?? set.errorStyle
        isNoStore = isNoStore || set.isNoStore
        guarded = guarded ?? set.guarded
        let own = Set(rates.map(\.limit.key))
        rates += set.rates.filter { !own.contains($0.limit.key) }
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

    /// The first line that asks for something that only a token can say.
    var firstOfTokens: RuleLine? { (denies + allows).first { !$0.isOfAddresses } }
}

/// One `allow` or `deny` line.
struct RuleLine: Sendable {
    /// The conditions between `and`s: all clauses must hold, and of a clause any condition.
    ///
    /// No clause is `any`: it holds for every caller with a valid token.
    var clauses: [[Condition]] = []

    /// The role words in it, for the check against the declared roles and groups; all words stand on
    /// the line at `position`, which may be another one than where they were read.
    var roles: [Word] = []

    /// The words of `group` clauses.
    var groups: [Word] = []
    var position: SourcePosition

    /// One of its words, where it stands.
    func placed(_ word: Word) -> Word {
        word.moved(
            to: SourcePosition(
                file: position.file,
                line: position.line,
                column: word.position.column
            )
        )
    }

    /// Whether it can be decided without a token: it is `any`, or asks for addresses only.
    var isOfAddresses: Bool {
        clauses.joined().allSatisfy { condition in
            if case .from = condition { true } else { false }
        }
    }
}
