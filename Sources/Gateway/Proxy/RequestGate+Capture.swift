import HTTP
import Policy

/// How a body is taken apart.
enum CapturedForm: UInt8 {
    case json
    case form
}

// What of a request goes into its START.
extension RequestGate {
    private static let jsonType = [Array("application/json".utf8)]
    private static let formType = [Array("application/x-www-form-urlencoded".utf8)]

    /// Whether the START of an admitted request waits until its body is here, because it tells of it.
    ///
    /// Only a body that is held anyway is waited for: nothing of such a request is forwarded before.
    @inline(__always)
    func startWaits(_ exchange: borrowing Exchange, _ snapshot: Snapshot) -> Bool {
        let route = exchange.route
        return snapshot.policy.routes[route].holdsBody && !exchange.body.isComplete
            && snapshot.captures(.body, exchange)
    }

    /// Takes what the query says, and a body that has come with its head.
    ///
    /// - Parameters:
    ///   - bytes: The head.
    ///   - behind: What has come behind it.
    ///   - exchange: The request; it is noted whether its body is to be looked at while it passes.
    ///   - snapshot: The configuration of the request.
    @inline(__always)
    mutating func capture(
        _ bytes: Span<UInt8>,
        behind: Span<UInt8>,
        _ exchange: inout Exchange,
        _ snapshot: Snapshot
    ) {
        captured.removeAll()
        guard !snapshot.policy.routes[exchange.route].capture.isEmpty else { return }
        let rules = snapshot.policy.routes[exchange.route].capture
        let level = snapshot.level(ofTenant: exchange.tenant)
        if snapshot.captures(.query, exchange), let query = head.queryRange {
            captured.take(bytes.extracting(query), .query, rules, level: level)
        }
        guard snapshot.captures(.body, exchange), !exchange.body.isComplete,
            !snapshot.policy.routes[exchange.route].holdsBody, let form = capturedForm(bytes)
        else { return }
        guard case .length(let count) = exchange.body, count <= UInt64(behind.count) else {
            exchange.tapped = form
            return
        }
        take(behind.extracting(0..<Int(count)).copied, as: form, rules, level: level)
    }

    /// Takes what a held body says that was looked at.
    mutating func capture(
        _ body: CheckedBody,
        of held: HeldRequest,
        _ exchange: borrowing Exchange,
        _ snapshot: Snapshot
    ) {
        let rules = snapshot.policy.routes[exchange.route].capture
        let level = snapshot.level(ofTenant: exchange.tenant)
        guard held.body.count <= BodyTap.bytesMax else { return }
        if let document = body.document {
            captured.take(document, .body, rules, level: level)
        } else if snapshot.policy.routes[exchange.route].schema.body.kind == .form {
            captured.take(held.body.span, .body, rules, level: level)
        }
    }

    /// Takes what a whole body says; nothing of one that is not what it is said to be.
    mutating func take(
        _ body: [UInt8],
        as form: CapturedForm,
        _ rules: CaptureRules,
        level: Int
    ) {
        guard body.count <= BodyTap.bytesMax else { return }
        switch form {
        case .form: captured.take(body.span, .body, rules, level: level)
        case .json:
            guard let document = try? JSONDocument(body) else { return }
            captured.take(document, .body, rules, level: level)
        }
    }

    private func capturedForm(_ bytes: Span<UInt8>) -> CapturedForm? {
        if isOf(Self.jsonType, bytes) { return .json }
        return isOf(Self.formType, bytes) ? .form : nil
    }
}

extension Snapshot {
    /// Whether anything of a source is captured of this request.
    @inline(__always)
    func captures(_ source: CaptureRules.Source, _ exchange: borrowing Exchange) -> Bool {
        policy.routes[exchange.route].capture.asks(source, level: tenants[exchange.tenant].level)
    }
}

extension ResponseHead {
    /// Whether the body is JSON in UTF-8 and not compressed, so that it can be looked at.
    func isPlainJSON(_ bytes: Span<UInt8>) -> Bool {
        for index in 0..<fields.count
        where FieldName.matches(bytes.extracting(fields[index].name), "content-encoding") {
            guard MediaType.matches(bytes.extracting(fields[index].value), "identity") else {
                return false
            }
        }
        guard fields.count(of: .contentType) == 1,
            let index = fields.firstIndex(of: .contentType)
        else { return false }
        let type = bytes.extracting(fields[index].value)
        return MediaType.isUTF8(type)
            && (MediaType.matches(type, "application/json") || MediaType.hasSuffix(type, "+json"))
    }
}
