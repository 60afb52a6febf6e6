extension AdminRoutes {
    /// What is known of events; `report` answers a query.
    func events(
        _ request: CompleteRequest,
        _ report: @Sendable ([UInt8]) -> EventsReport
    ) -> CompleteAnswer {
        guard request.method == "GET" || request.method == "HEAD" else {
            return notAllowed("GET, HEAD")
        }
        let report = report(Array(request.query.utf8))
        var answer = CompleteAnswer(
            report.status,
            fields: [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
        )
        if let seconds = report.retryAfterSeconds {
            answer.fields.append(("Retry-After", String(seconds)))
        }
        answer.body = report.json
        return answer
    }
}
