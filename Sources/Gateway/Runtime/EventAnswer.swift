/// The answer to one `GET /v1/events` or `GET /v1/events/summary`.
struct EventAnswer: Sendable {
    let status: Int
    let json: [UInt8]

    /// How long to wait before asking again.
    var retryAfterSeconds: Int?

    /// Reads the journal; it blocks.
    ///
    /// - Parameters:
    ///   - question: What is asked.
    ///   - tenant: The tenant that asks; `nil` for the operator.
    ///   - journalPath: The journal's folder; `nil` when nothing is recorded.
    init(_ question: EventQuestion, tenant: String?, journalPath: String?) {
        do throws(EventQuery.Refusal) {
            let query = try EventQuery(question.kind, tenant: tenant, query: question.query.span)
            do throws(Errno) {
                json = try Self.answer(question.kind, query, journalPath)
                status = 200
            } catch {
                self = Self(refusing: .journalUnavailable)
            }
        } catch {
            self = Self(refusing: .invalidRequest, details: error.details)
        }
    }

    /// A refusal, with the JSON array that says more.
    init(refusing refusal: Refusal, details: [UInt8] = Array("[]".utf8)) {
        let row = refusal.row
        let head = "{\"code\":\"\(row.code)\",\"message\":\"\(row.message)\",\"details\":"
        status = row.status
        json = Array(head.utf8) + details + Array("}\n".utf8)
        retryAfterSeconds = refusal.retryAfterSeconds
    }

    private static func answer(
        _ kind: EventQuery.Kind,
        _ query: EventQuery,
        _ path: String?
    ) throws(Errno) -> [UInt8] {
        switch kind {
        case .page: return try EventPage(query, journalPath: path).json
        case .summary:
            let limits = ReadLimits(
                bytesMax: EventSummary.bytesReadMax,
                deadline: Clock.monotonicMilliseconds() + EventSummary.millisecondsMax
            )
            let part = EventSummary.part(for: query.grouping)
            return try EventSummary(query, journalPath: path, limits: limits, by: part).json
        }
    }
}
