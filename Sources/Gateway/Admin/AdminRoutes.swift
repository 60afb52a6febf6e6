/// What the admin listener answers.
struct AdminRoutes: Sendable {
    let source: AdminSource

    /// The answer to a request that `AdminAccess` lets pass.
    func answer(_ request: CompleteRequest) -> CompleteAnswer {
        let isReading = request.method == "GET" || request.method == "HEAD"
        switch request.path {
        case "/livez":
            return isReading ? CompleteAnswer(200, text: "ok\n") : notAllowed("GET, HEAD")
        case "/readyz": return isReading ? readiness() : notAllowed("GET, HEAD")
        case "/metrics": return isReading ? metrics() : notAllowed("GET, HEAD")
        case "/v1/events": return events(request, source.events)
        case "/v1/events/summary": return events(request, source.eventsSummary)
        case "/revocations": return revocations(request)
        case "/reload": return request.method == "POST" ? reload() : notAllowed("POST")
        case let path where path.hasPrefix(Self.explainPrefix):
            let identifier = path.dropFirst(Self.explainPrefix.count)
            return isReading ? explain(String(identifier)) : notAllowed("GET, HEAD")
        default:
            return CompleteAnswer(
                404,
                json: .object([("message", .string("no such page"))])
            )
        }
    }

    func notAllowed(_ methods: String) -> CompleteAnswer {
        CompleteAnswer(
            405,
            json: .object([("message", .string("method not allowed"))]),
            fields: [("Allow", methods)]
        )
    }

    private func metrics() -> CompleteAnswer {
        CompleteAnswer(
            200,
            text: MetricsText.render(source.metrics()),
            type: "text/plain; version=0.0.4; charset=utf-8"
        )
    }

    private func readiness() -> CompleteAnswer {
        let report = source.readiness()
        var members: [(name: String, value: JSONText)] = [
            ("status", .string(report.isReady ? "ready" : "unready")),
            ("draining", .bool(report.isDraining)),
            ("tenants", .array(report.tenants.map(Self.part))),
            ("upstreams", .array(report.upstreams.map(Self.part))),
        ]
        if let journal = report.journal { members.append(("journal", Self.part(journal))) }
        if !report.shippers.isEmpty {
            members.append(("shippers", .array(report.shippers.map(Self.part))))
        }
        if let revocations = report.revocations {
            members.append(("revocations", Self.part(revocations)))
        }
        if !report.refusedFiles.isEmpty {
            members.append(("refusedFiles", .array(report.refusedFiles.map(Self.file))))
        }
        return CompleteAnswer(report.isReady ? 200 : 503, json: .object(members))
    }

    private static func part(_ part: ReadinessReport.Part) -> JSONText {
        var members: [(name: String, value: JSONText)] = [
            ("name", .string(part.name)), ("ready", .bool(part.isReady)),
        ]
        if let detail = part.detail { members.append(("detail", .string(detail))) }
        if let keys = part.keys { members.append(("keys", Self.keys(keys))) }
        if let shipper = part.shipper { members += Self.members(of: shipper) }
        return .object(members)
    }

    private static func members(
        of shipper: ReadinessReport.Shipper
    ) -> [(name: String, value: JSONText)] {
        [
            ("state", .string(shipper.state)),
            ("lagSeconds", shipper.lagSeconds.map(JSONText.number) ?? .null),
            ("lagBytes", shipper.lagBytes.map(JSONText.number) ?? .null),
            ("dead", .number(shipper.dead)),
            ("lastFailure", shipper.lastFailure.map(JSONText.string) ?? .null),
        ]
    }

    private static func keys(_ keys: ReadinessReport.Keys) -> JSONText {
        .object([
            ("count", .number(Int64(keys.count))),
            ("ageSeconds", keys.ageSeconds.map(JSONText.number) ?? .null),
            ("source", .string(keys.source)), ("fromDisk", .bool(keys.isFromDisk)),
            ("lastError", keys.lastError.map(JSONText.string) ?? .null),
            ("reason", keys.reason.map(JSONText.string) ?? .null),
            ("nextTrySeconds", .number(keys.nextTrySeconds)),
            ("problems", .array(keys.problems.map(JSONText.string))),
        ])
    }

    private static func file(_ file: RefusedTenantFile) -> JSONText {
        .object([
            ("file", .string(file.path)), ("keepsOldForm", .bool(file.keepsOldForm)),
            ("tenants", .array(file.tenants.map(JSONText.string))),
        ])
    }

    private func reload() -> CompleteAnswer {
        switch source.reload() {
        case .done(let warnings):
            let list = JSONText.array(warnings.map(JSONText.string))
            return CompleteAnswer(
                200,
                json: .object([("status", .string("reloaded")), ("warnings", list)])
            )
        case .partial(let refused, let warnings):
            // No status of success: who deploys must look.
            return CompleteAnswer(
                422,
                json: .object([
                    ("status", .string("partial")),
                    ("errors", .array(refused.map { .string($0.text) })),
                    ("refusedFiles", .array(refused.map(Self.file))),
                    ("warnings", .array(warnings.map(JSONText.string))),
                ])
            )
        case .refused(let diagnostics):
            let list = JSONText.array(diagnostics.map(JSONText.string))
            return CompleteAnswer(
                422,
                json: .object([("status", .string("refused")), ("errors", list)])
            )
        }
    }
}
