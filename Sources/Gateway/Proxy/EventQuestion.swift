/// What a `serve events` route was asked, with the query of its target.
enum EventQuestion: Sendable {
    case page([UInt8])
    case summary([UInt8])

    /// The end of the paths that ask for a summary.
    static let summarySuffix: StaticString = "/summary"

    var kind: EventQuery.Kind {
        switch self {
        case .page: .page
        case .summary: .summary
        }
    }

    var query: [UInt8] {
        switch self {
        case .page(let query), .summary(let query): query
        }
    }
}
