import HTTP
import Policy

extension RequestGate {
    /// What the route says of path, query and body, as far as the head tells.
    ///
    /// What is wrong is in `faults` then. A request whose body is to be looked at goes on in spite
    /// of them, so that the answer names those of the body too; but not one that asks first.
    @inline(__always)
    mutating func inspect(
        _ bytes: Span<UInt8>,
        _ exchange: borrowing Exchange,
        _ snapshot: Snapshot
    ) -> Refusal? {
        inspectPath(bytes, snapshot.policy)
        if faults.isEmpty, exchange.isAuthorization,
            let refusal = inspectAuthorization(bytes, exchange, snapshot)
        {
            return refusal
        }
        inspectQuery(bytes, exchange.route, snapshot.policy)
        if let refusal = inspectBody(bytes, exchange, snapshot) {
            return faults.isEmpty ? refusal : .invalidRequest
        }
        guard !faults.isEmpty else { return nil }
        let waits = snapshot.policy.routes[exchange.route].holdsBody && !exchange.expectsContinue
        return waits ? nil : .invalidRequest
    }

    @inline(__always)
    private mutating func inspectPath(_ bytes: Span<UInt8>, _ policy: CompiledPolicy) {
        guard parameters.count > 0 else { return }
        let path = bytes.extracting(head.pathRange)
        for fault in policy.parameterFaults(parameters, in: path) {
            faults.append(RequestFault(fault, in: path))
        }
    }

    @inline(__always)
    private mutating func inspectQuery(
        _ bytes: Span<UInt8>,
        _ route: Int,
        _ policy: CompiledPolicy
    ) {
        if let query = head.queryRange, !QuerySyntax.check(bytes.extracting(query)) {
            faults.append(.malformed(.query))
        } else if policy.routes[route].checksQuery {
            let query = head.queryRange ?? 0..<0
            faults += policy.routes[route].faults(inQuery: bytes.extracting(query))
            if let rule = policy.routes[route].attempts { inspectGuarded(bytes, rule) }
        }
    }

    /// Length and media type of a body, and whether there may be one.
    @inline(__always)
    private mutating func inspectBody(
        _ bytes: Span<UInt8>,
        _ exchange: borrowing Exchange,
        _ snapshot: Snapshot
    ) -> Refusal? {
        guard !exchange.body.isComplete else { return nil }
        let limit = snapshot.bodyBytesMax(ofRoute: exchange.route)
        if case .length(let count) = exchange.body, count > UInt64(limit) { return .bodyTooLarge }
        switch snapshot.policy.routes[exchange.route].schema.body.kind {
        case .unchecked: return nil
        case .none:
            faults.append(.unwantedBody)
            return .invalidRequest
        case .json, .form:
            let wanted = snapshot.policy.routes[exchange.route].schema.body.mediaTypes
            return isOf(wanted, bytes) ? nil : .mediaTypeUnsupported
        }
    }

    /// Whether the body is of one of these media types, in UTF-8 and not compressed.
    ///
    /// There is exactly one `Content-Type`, in its right spelling, and no coding of the content: the
    /// upstream must not read another body than the one that was looked at.
    func isOf(_ wanted: [[UInt8]], _ bytes: Span<UInt8>) -> Bool {
        for index in 0..<head.fields.count
        where FieldName.matches(bytes.extracting(head.fields[index].name), "content-encoding") {
            let coding = bytes.extracting(head.fields[index].value)
            guard MediaType.matches(coding, "identity") else { return false }
        }
        guard head.fields.count(of: .contentType) == 1,
            let index = head.fields.firstIndex(of: .contentType),
            !head.fields.hasVariant(of: .contentType)
        else { return false }
        let value = bytes.extracting(head.fields[index].value)
        return MediaType.isUTF8(value)
            && wanted.contains { MediaType.matches(value, $0.span) }
    }
}

extension Snapshot {
    /// The most bytes of a body that a route takes.
    func bodyBytesMax(ofRoute route: Int) -> Int {
        min(limits.requestBodyBytesMax, policy.routes[route].bodyBytesMax)
    }
}
