extension AdminRoutes {
    /// Answers on `/revocations`.
    func revocations(_ request: CompleteRequest) -> CompleteAnswer {
        switch request.method {
        case "GET", "HEAD": counts()
        case "POST": change(.revoke, request)
        case "DELETE": change(.takeBack, request)
        default: notAllowed("GET, HEAD, POST, DELETE")
        }
    }

    /// The most bytes of a body that nobody looks at.
    static let bodyBytesMax = 4_096

    /// The most bytes of the body of a request.
    static func bodyBytesMax(of request: CompleteRequest) -> Int {
        request.path == "/revocations" ? RevocationRequest.bodyBytesMax : bodyBytesMax
    }

    private func change(
        _ action: RevocationRequest.Action,
        _ request: CompleteRequest
    ) -> CompleteAnswer {
        let type = request.onlyValue(of: "content-type")?.lowercased() ?? ""
        let result = source.changeRevocations(
            RevocationRequest(
                action: action,
                body: request.body,
                isText: type.hasPrefix("text/plain")
            )
        )
        switch result {
        case .done(let count, let total):
            return CompleteAnswer(
                200,
                json: .object([
                    ("revoked", .number(Int64(count))), ("total", .number(Int64(total))),
                ])
            )
        case .refused(let reason, let words):
            return CompleteAnswer(reason.rawValue, json: .object([("message", .string(words))]))
        }
    }

    private func counts() -> CompleteAnswer {
        let report = source.revocations()
        return CompleteAnswer(
            200,
            json: .object([
                ("total", .number(Int64(report.total))), ("file", Self.members(of: report.file)),
                ("posted", Self.members(of: report.posted)),
            ])
        )
    }

    private static func members(of tally: RevocationReport.Tally) -> JSONText {
        .object([
            ("token", .number(Int64(tally.token))), ("subject", .number(Int64(tally.subject))),
            ("client", .number(Int64(tally.client))), ("any", .number(Int64(tally.any))),
        ])
    }
}
