/// What is known of a route at load.
public struct CompiledRoute: Sendable {
    /// The route's name.
    public let name: String

    /// The event type without `_START`, `_SUCCESS` and `_FAIL`, ASCII; `nil` writes no events.
    public let eventFamily: [UInt8]?

    /// Who may call it, the same for every tenant.
    public let access: RouteAccess

    /// Whether the caller's token, found good, goes on to the upstream with its proof.
    public let forwardsToken: Bool

    /// The shape of its refusals.
    public let errorStyle: ErrorStyle

    /// Whether its answers carry `Cache-Control: no-store`.
    public let isNoStore: Bool

    /// Whether the gateway answers it itself with the tenant's events.
    public let servesEvents: Bool

    /// Whether its requests are authorization requests, each checked before it goes on.
    public let checksAuthorization: Bool

    /// Whether its forms are pushed authorization requests (RFC 9126), each checked as well.
    public let checksPushedAuthorization: Bool

    /// What its requests must hold.
    public let schema: RequestSchema

    /// How many requests it takes, at most one limit for each key, in the order of the keys.
    public let rates: [RateLimit]

    /// How often its requests may fail, counted by a field of their forms.
    public let attempts: AttemptGuard?

    /// What goes into the `data` of its events, besides what every event tells.
    public let capture: CaptureRules

    /// Whether a request goes on only once its body is here whole.
    public let holdsBody: Bool

    /// Whether its queries are looked at beyond their syntax.
    public let checksQuery: Bool

    /// Its `match` lines, in order.
    public let matches: [Match]

    /// Where it is declared.
    public let position: SourcePosition

    /// A `match` line.
    public struct Match: Hashable, Sendable {
        /// The method as written, or `*`.
        public let method: String

        /// The template as written.
        public let template: String

        /// Where the line stands.
        public let position: SourcePosition
    }

    /// How many requests it takes, in words.
    public var limits: [String] {
        rates.map { "rate \($0)" } + (attempts.map { ["guard \($0)"] } ?? [])
    }

    init(_ declaration: RouteDeclaration, schema: RequestSchema) {
        self.schema = schema
        // The address goes first: one that is refused takes nothing of what its tenant shares.
        rates = RateLimit.Key.allCases.flatMap { key in
            declaration.rates.map(\.limit).filter { $0.key == key }
        }
        attempts = declaration.guarded?.attempts
        capture = CaptureRules(declaration.captures.map(\.member))
        holdsBody = schema.body.wantsWhole
        checksQuery = schema.hasQuery || declaration.errorStyle == .oauth
        name = declaration.name.text
        eventFamily = declaration.eventFamily.map { Array($0.utf8) }
        access = declaration.access
        forwardsToken = declaration.forwardsToken
        checksAuthorization = declaration.checksAuthorization && !declaration.isPushed
        checksPushedAuthorization = declaration.checksAuthorization && declaration.isPushed
        errorStyle = declaration.errorStyle ?? (checksAuthorization ? .oauth : .mattr)
        isNoStore = declaration.isNoStore || declaration.checksAuthorization
        servesEvents = declaration.servesEvents
        matches = declaration.matches.map {
            Match(method: $0.pattern.name, template: $0.template.text, position: $0.position)
        }
        position = declaration.name.position
    }
}
