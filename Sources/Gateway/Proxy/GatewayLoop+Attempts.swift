import HTTP
import Policy

extension GatewayLoop {
    /// Counts a request with a transaction code as a failed attempt, before it is forwarded; any
    /// other one passes as long as its code is not used up.
    ///
    /// - Returns: Why a held request, whose body is whole, must not go on.
    mutating func reserveAttempt(_ slot: UInt32) -> Refusal? {
        let route = clients[slot].exchange.route
        guard let snapshot = clients[slot].exchange.snapshot,
            let rule = snapshot.policy.routes[route].attempts,
            let value = clients[slot].held?.field(rule.field)
        else { return nil }
        let names = [
            snapshot.tenants[clients[slot].exchange.tenant].name,
            snapshot.policy.routes[route].name,
        ]
        let text = names.flatMap { Array($0.utf8) + [0] } + value
        guard let code = Thumbprint(of: text.span) else { return .attemptsUnavailable }
        let isAttempt = AttemptGuard.transactionCodes.contains {
            clients[slot].held?.field($0) != nil
        }
        let most = rule.attemptsMax
        let verdict =
            isAttempt
            ? attempts.reserve(code, attemptsMax: most, now: now.unixSeconds)
            : attempts.verdict(on: code, attemptsMax: most, now: now.unixSeconds)
        switch verdict {
        case .granted:
            if isAttempt { clients[slot].exchange.attempt = code }
            return nil
        case .exceeded: return .attemptsExceeded
        case .unavailable: return .attemptsUnavailable
        }
    }

    /// Takes the attempts back when one went well.
    @inline(__always)
    mutating func settleAttempt(_ slot: UInt32, status: Int) {
        guard let code = clients[slot].exchange.attempt else { return }
        clients[slot].exchange.attempt = nil
        if status < 400 { attempts.clear(code, now: now.unixSeconds) }
    }
}

extension RequestGate {
    /// Notes what a guard looks for in the form and the query has: issuers may find it there too.
    mutating func inspectGuarded(_ bytes: Span<UInt8>, _ rule: AttemptGuard) {
        guard let query = head.queryRange else { return }
        var parameters = QueryParameters(query)
        while let parameter = parameters.next(in: bytes) {
            let encoded = bytes.extracting(parameter.name)
            var name = OutputBuffer(capacity: max(1, encoded.count))
            guard FormEncoding.decode(encoded, into: &name), rule.wantsInForm(name.span.copied)
            else { continue }
            let text = String(decoding: name.span.copied, as: UTF8.self)
            faults.append(
                RequestFault(text, in: .query, message: "Invalid value, it belongs in the body")
            )
        }
    }
}
