/// One row of the effective route table, for `postern routes`.
public struct RouteListing: Hashable, Sendable {
    /// The methods as written; `*` is any.
    public let methods: [String]

    /// The template as written.
    public let path: String

    /// Who may call it: `public`, `credentials pass`, or the allow and deny lines.
    public let access: String

    /// The event family, `nil` without events.
    public let eventFamily: String?

    /// How many requests it takes, as its lines could be written; empty without limits.
    public let limits: [String]

    /// The route's name.
    public let route: String
}
