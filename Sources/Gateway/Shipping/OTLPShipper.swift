import HTTP
import Policy

/// Events as log records of OpenTelemetry: OTLP/HTTP in its JSON encoding.
///
/// A record has the time and severity of its event, the event's members as attributes under their
/// own names, and the whole line as its body.
struct OTLPShipper: EventShipper {
    let url: OutboundURL

    private static let head = Array(
        """
        {"resourceLogs":[{"resource":{"attributes":[\
        {"key":"service.name","value":{"stringValue":"postern"}},\
        {"key":"service.version","value":{"stringValue":"\(ProductVersion.text)"}}]},\
        "scopeLogs":[{"scope":{"name":"postern.events"},"logRecords":[
        """.utf8
    )
    private static let tail = Array("]}]}]}".utf8)

    func request(for batch: EventBatch) -> OutboundRequest? {
        var request = OutboundRequest(url)
        request.method = .post
        request.fields = [.init(name: "Content-Type", value: "application/json")]
        request.body = Self.head
        for (index, line) in batch.events.enumerated() {
            if index > 0 { request.body.append(UInt8(ascii: ",")) }
            Self.append(Array(line), to: &request.body)
        }
        request.body += Self.tail
        return request
    }

    /// A partial success is final: the specification forbids to send such a batch again.
    mutating func verdict(on answer: OutboundAnswer, to batch: EventBatch) -> ShippingVerdict {
        let verdict = ShippingVerdict(status: answer.status)
        guard verdict == .accepted, let rejected = Self.rejectedRecords(answer.body), rejected > 0
        else { return verdict }
        return .partly(rejected: min(rejected, batch.events.count))
    }

    /// `partialSuccess.rejectedLogRecords`, a number or, as JSON writes 64 bits, a string.
    private static func rejectedRecords(_ body: [UInt8]) -> Int? {
        guard let document = try? JSONDocument(body),
            let node = document.node(at: ["partialSuccess", "rejectedLogRecords"])
        else { return nil }
        return Int(String(decoding: document.text(of: node), as: UTF8.self))
    }
}

extension OTLPShipper {
    /// Appends a record; the members of an event are escaped for JSON as they stand.
    private static func append(_ line: [UInt8], to body: inout [UInt8]) {
        guard let event = EventLine(line.span) else { return }
        let warns = isWarning(line.span, event.type)
        let milliseconds = EventTime.milliseconds(Array(line[event.timestamp]), edge: .start) ?? 0
        let nanoseconds = milliseconds > 0 ? "\(milliseconds)000000" : "0"
        body += Array("{\"timeUnixNano\":\"\(nanoseconds)\",".utf8)
        body += Array("\"observedTimeUnixNano\":\"\(nanoseconds)\",".utf8)
        body += Array("\"severityNumber\":\(warns ? 13 : 9),".utf8)
        body += Array("\"severityText\":\"\(warns ? "WARN" : "INFO")\",\"eventName\":\"".utf8)
        body += line[event.type]
        body += Array("\",\"body\":{\"stringValue\":\"".utf8)
        body += JSONEscape.escaped(line)
        body += Array("\"},\"attributes\":[{\"key\":\"event.name\",\"value\":".utf8)
        appendValue(line[event.type], to: &body)
        for (name, range) in attributes(of: event) where !range.isEmpty {
            body += Array(",{\"key\":\"\(name)\",\"value\":".utf8)
            appendValue(line[range], to: &body)
        }
        body += Array("]}".utf8)
    }

    private static func appendValue(_ value: ArraySlice<UInt8>, to body: inout [UInt8]) {
        body += Array("{\"stringValue\":\"".utf8)
        body += value
        body += Array("\"}}".utf8)
    }

    private static func attributes(of event: EventLine) -> [(String, Range<Int>)] {
        [
            ("id", event.id), ("type", event.type), ("category", event.category),
            ("tenantId", event.tenant), ("requestId", event.request),
            ("requestIp", event.requestIP), ("clientId", event.client),
        ]
    }

    /// Whether an event tells of something that did not go well.
    private static func isWarning(_ line: Span<UInt8>, _ type: Range<Int>) -> Bool {
        line.ends(with: "_FAIL", in: type) || line.ends(with: "_REFUSED", in: type)
            || line.ends(with: "_OUTAGE", in: type)
    }
}
