extension AdminRoutes {
    /// Where refusals are explained; the identifier follows.
    static let explainPrefix = "/explain/"

    /// Why the request with an identifier was refused.
    func explain(_ identifier: String) -> CompleteAnswer {
        guard let report = source.explain(identifier) else {
            let words = "no refusal with this identifier is remembered"
            return CompleteAnswer(404, json: .object([("message", .string(words))]))
        }
        return CompleteAnswer(200, json: Self.json(report))
    }

    private static func json(_ report: RefusalReport) -> JSONText {
        var members: [(name: String, value: JSONText)] = [
            ("requestId", .string(report.requestID)), ("timestamp", .string(report.time)),
        ]
        if let tenant = report.tenant { members.append(("tenant", .string(tenant))) }
        if let route = report.route { members.append(("route", .string(route))) }
        members += [
            ("method", .string(report.method)), ("status", .number(Int64(report.status))),
            ("code", .string(report.code)), ("message", .string(report.message)),
        ]
        if let client = report.client {
            members.append(("client", .string(client)))
            members.append(("roles", .array(report.roles.map(JSONText.string))))
        }
        members.append(("checks", .array(report.checks.map(json))))
        return .object(members)
    }

    private static func json(_ check: RefusalReport.Check) -> JSONText {
        var members: [(name: String, value: JSONText)] = [
            ("check", .string(check.name)), ("result", .string(check.result)),
        ]
        if let detail = check.detail { members.append(("detail", .string(detail))) }
        if let place = check.place { members.append(("at", .string(place))) }
        return .object(members)
    }
}
