/// Why one request was refused, for `GET /explain/{requestId}`.
struct RefusalReport: Sendable {
    var requestID: String

    /// ISO 8601, UTC.
    var time: String

    /// `nil` when none matched, or when it is not known any more.
    var tenant: String?
    var route: String?
    var method: String
    var status: Int
    var code: String
    var message: String
    var client: String?
    var roles: [String] = []
    var checks: [Check] = []

    /// One check, or one line of the policy.
    struct Check: Sendable {
        var name: String

        /// `passed`, `refused`, or of a line `holds` and `does not hold`.
        var result: String

        /// What was found or is wanted.
        var detail: String?

        /// `FILE:LINE`.
        var place: String?
    }
}
