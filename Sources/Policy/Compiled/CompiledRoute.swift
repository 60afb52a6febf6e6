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

    /// What its requests must hold.
    public let schema: RequestSchema

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

    init(_ declaration: RouteDeclaration, schema: RequestSchema) {
        self.schema = schema
        name = declaration.name.text
        eventFamily = declaration.eventFamily.map { Array($0.utf8) }
        access = declaration.access
        forwardsToken = declaration.forwardsToken
        errorStyle = declaration.errorStyle ?? .mattr
        isNoStore = declaration.isNoStore
        servesEvents = declaration.servesEvents
        matches = declaration.matches.map {
            Match(method: $0.pattern.name, template: $0.template.text, position: $0.position)
        }
        position = declaration.name.position
    }
}
