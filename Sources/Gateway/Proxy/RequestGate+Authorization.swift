import HTTP
import Policy

// Authorization requests: what is asked of them beyond any other request.
extension RequestGate {
    /// Takes note of whether this is an authorization request, and how its caller is answered.
    @inline(__always)
    func noteAuthorization(
        _ bytes: Span<UInt8>,
        _ exchange: inout Exchange,
        _ snapshot: Snapshot
    ) {
        guard snapshot.policy.routes[exchange.route].checksAuthorization else { return }
        exchange.isAuthorization = true
        var media = AcceptedMedia()
        for index in 0..<head.fields.count where head.fields[index].known == .accept {
            media.take(bytes.extracting(head.fields[index].value))
        }
        exchange.wantsPage = media.prefersHTML
    }

    /// What refuses an authorization request, if anything does.
    mutating func inspectAuthorization(
        _ bytes: Span<UInt8>,
        _ exchange: borrowing Exchange,
        _ snapshot: Snapshot
    ) -> Refusal? {
        let query = bytes.extracting(head.queryRange ?? 0..<0)
        let found: AuthorizationFault? =
            exchange.body.isComplete
            ? snapshot.policy.authorizations[exchange.tenant].fault(in: query) : .bodyUnexpected
        guard let found else { return nil }
        authorizationFault = found
        let place = found.parameter?.rawValue ?? "query"
        faults = [RequestFault(place, in: .query, message: "Invalid value, \(found.message)")]
        return Refusal(found)
    }

    /// What refuses a pushed authorization request whose form is here whole, if anything does.
    mutating func inspectPushed(
        _ form: [UInt8],
        tenant: Int,
        route: Int,
        _ policy: CompiledPolicy
    ) -> Refusal? {
        guard policy.routes[route].checksPushedAuthorization,
            let found = policy.authorizations[tenant].fault(in: form.span, .pushed)
        else { return nil }
        forget()
        authorizationFault = found
        let place = found.parameter?.rawValue ?? "body"
        faults = [RequestFault(place, in: .body, message: "Invalid value, \(found.message)")]
        return Refusal(found)
    }

    /// Status, code and words of a refusal, those of an authorization request more exact.
    func row(of refusal: Refusal) -> Refusal.Row {
        let row = refusal.row
        guard let authorizationFault, refusal == Refusal(authorizationFault) else { return row }
        return Refusal.Row(
            status: row.status,
            code: row.code,
            message: authorizationFault.message,
            oauth: authorizationFault.error
        )
    }
}

extension Refusal {
    init(_ fault: AuthorizationFault) {
        switch fault {
        case .clientUnknown: self = .clientUnknown
        case .redirectUnknown: self = .redirectUnknown
        default: self = .invalidRequest
        }
    }

    /// The rows of refusals that only authorization requests meet.
    var authorizationRow: Row {
        let fault: AuthorizationFault = self == .clientUnknown ? .clientUnknown : .redirectUnknown
        return Row(
            status: 400,
            code: self == .clientUnknown ? "client-unknown" : "redirect-uri-unknown",
            message: fault.message,
            oauth: fault.error
        )
    }
}

extension Exchange {
    /// The status that the client gets for what the upstream answers.
    ///
    /// A 307 or 308 would have the browser send again what it sent, a login form among others (RFC
    /// 9700 section 4.12): for an authorization request it becomes a 303.
    @inline(__always)
    func statusToClient(of status: Int) -> Int {
        isAuthorization && (status == 307 || status == 308) ? 303 : status
    }
}
