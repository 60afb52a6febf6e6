extension CompiledPolicy {
    /// The event of a request that is refused before anything is known of its caller.
    private static let refusedEvent = "GATEWAY_REQUEST_REFUSED"

    /// What a test expects besides the outcome and does not come; `nil` when all of it does.
    func missingEvidence(of test: PolicyTest, _ outcome: PolicyOutcome, _ route: Int?) -> String? {
        if let wanted = test.event {
            let events = events(of: outcome, route)
            guard events.contains(wanted) else {
                return "expected event `\(wanted)`, came out `\(events[0])`"
            }
        }
        let isForwarded = outcome == .allow && route.map(isAuthorizedUpstream) == true
        for (header, wanted) in test.headers {
            let value = isForwarded ? test.value(of: header) : nil
            guard value != wanted else { continue }
            let found = value.map { "`\($0)`" } ?? "none"
            return "expected header `\(header.rawValue): \(wanted)`, came out \(found)"
        }
        return nil
    }

    /// What the events that are written may be called: first by their family, then each by itself.
    private func events(of outcome: PolicyOutcome, _ route: Int?) -> [String] {
        guard let route, !outcome.isBeforeStart else { return [Self.refusedEvent] }
        guard let bytes = routes[route].eventFamily else {
            return [outcome == .allow ? "none" : Self.refusedEvent]
        }
        let family = String(decoding: bytes, as: UTF8.self)
        return [family, family + "_START", family + (outcome == .allow ? "_SUCCESS" : "_FAIL")]
    }

    /// Whether the upstream is told who calls.
    private func isAuthorizedUpstream(_ route: Int) -> Bool {
        routes[route].access == .authorized && !routes[route].servesEvents
    }
}

extension PolicyOutcome {
    /// Whether the request is refused before its START.
    fileprivate var isBeforeStart: Bool {
        [.pathNotCanonical, .routeNotFound, .methodNotAllowed, .credentialsMissing].contains(self)
    }
}

extension PolicyTest {
    /// What the upstream gets in a field, as far as the line says.
    fileprivate func value(of header: Header) -> String? {
        switch header {
        case .tenant: tenant?.text
        case .subject: claim("sub")
        case .roles: roles.map(\.text).joined(separator: ",")
        case .client: client ?? claim("client_id") ?? claim("azp") ?? claim("sub")
        }
    }

    private func claim(_ name: String) -> String? {
        claims.first { $0.path == [name] && !$0.isElement }?.value
    }
}
