import HTTP
import Policy

/// Writes the answers that the gateway gives itself.
enum LocalResponse {
    /// The most bytes of a refused value that the answer repeats.
    static let echoBytesMax = 64

    /// The most bytes of a parameter's name, and of the words about it.
    static let nameBytesMax = 128
    static let wordsBytesMax = 256

    /// Room for a body with as many faults as there can be.
    static let bodyBytesMax =
        RequestFault.countMax
        * (JSONEscape.growthMax * (echoBytesMax + nameBytesMax + wordsBytesMax) + 64) + 1_024

    private static let jsonContentType: StaticString = "Content-Type: application/json\r\n"

    /// Writes a refusal, head and body.
    ///
    /// `bytes` is the request's head, or nothing when it was not understood; `isLast` says whether
    /// the connection ends with this answer; `body` is room to make the body in, so that its length
    /// is known first.
    static func write(
        _ refusal: Refusal,
        gate: borrowing RequestGate,
        _ bytes: Span<UInt8>,
        exchange: borrowing Exchange,
        date: HTTPDate,
        isLast: Bool,
        body: inout OutputBuffer,
        to output: inout OutputBuffer
    ) {
        body.removeAll()
        writeBody(refusal, gate: gate, bytes, exchange: exchange, to: &body)
        HeadWriter.appendStatusLine(refusal.status, to: &output)
        output.append("Date: ")
        output.append(date.text.span)
        output.append("\r\nCache-Control: no-store\r\n")
        if exchange.isAuthorization { RefusalPage.writeProtection(exchange, to: &output) }
        output.append(exchange.wantsPage ? RefusalPage.contentType : jsonContentType)
        HeadWriter.appendField("Content-Length", decimal: body.count, to: &output)
        let wait = refusal == .rateExceeded ? gate.retryAfterSeconds : refusal.retryAfterSeconds
        if let seconds = wait {
            HeadWriter.appendField("Retry-After", decimal: seconds, to: &output)
        }
        if refusal == .methodNotAllowed, !gate.allowed.isEmpty {
            writeAllow(gate.allowed, to: &output)
        }
        if refusal.isChallenge {
            Challenge.write(refusal, gate: gate, bytes, exchange: exchange, to: &output)
        }
        ReturnedHead.writeNonce(exchange, to: &output)
        ReturnedHead.writeConnection(exchange, isLast: isLast, to: &output)
        output.append("X-Request-Id: ")
        output.append(exchange.requestID.span)
        output.append("\r\n\r\n")
        if exchange.method != .head { output.append(body.span) }
    }

    /// Writes the head of an answer whose JSON body was made elsewhere; `caching` is the value of
    /// `Cache-Control`.
    static func write(
        status: Int,
        length: Int,
        caching: StaticString,
        exchange: borrowing Exchange,
        date: HTTPDate,
        isLast: Bool,
        to output: inout OutputBuffer
    ) {
        HeadWriter.appendStatusLine(status, to: &output)
        output.append("Date: ")
        output.append(date.text.span)
        output.append("\r\nContent-Type: application/json\r\n")
        HeadWriter.appendField("Cache-Control", caching, to: &output)
        HeadWriter.appendField("Content-Length", decimal: length, to: &output)
        // The journal cannot be read now, or too many ask it.
        if status == 503, let seconds = Refusal.busy.retryAfterSeconds {
            HeadWriter.appendField("Retry-After", decimal: seconds, to: &output)
        }
        ReturnedHead.writeNonce(exchange, to: &output)
        ReturnedHead.writeConnection(exchange, isLast: isLast, to: &output)
        output.append("X-Request-Id: ")
        output.append(exchange.requestID.span)
        output.append("\r\n\r\n")
    }

    private static func writeBody(
        _ refusal: Refusal,
        gate: borrowing RequestGate,
        _ bytes: Span<UInt8>,
        exchange: borrowing Exchange,
        to body: inout OutputBuffer
    ) {
        let row = gate.row(of: refusal)
        if exchange.wantsPage { return RefusalPage.write(row, exchange, to: &body) }
        if style(of: exchange) == .oauth {
            body.append("{\"error\":\"")
            body.append(row.oauth)
            body.append("\",\"error_description\":\"")
            body.append(row.code)
            body.append(": ")
            body.append(row.message)
            // What is wrong with an authorization request is in the words already.
            let isSaid = gate.authorizationFault != nil
            if refusal == .invalidRequest, !isSaid, let fault = gate.faults.first {
                describe(fault, to: &body)
            }
            body.append("\"}\n")
            return
        }
        body.append("{\"code\":\"")
        body.append(row.code)
        body.append("\",\"message\":\"")
        body.append(row.message)
        body.append("\",\"details\":[")
        if refusal == .invalidRequest { write(gate.faults, to: &body) }
        body.append("]}\n")
    }

    /// The entries of `details`, in the shape of domain.md section 1.
    private static func write(_ faults: [RequestFault], to body: inout OutputBuffer) {
        for (index, fault) in faults.prefix(RequestFault.countMax).enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body.append("{\"value\":\"")
            body.append(jsonEscaped: fault.value.span, bytesMax: echoBytesMax)
            body.append("\",\"msg\":\"")
            body.append(jsonEscaped: Array(fault.message.utf8).span, bytesMax: wordsBytesMax)
            body.append("\",\"param\":\"")
            body.append(jsonEscaped: Array(fault.parameter.utf8).span, bytesMax: nameBytesMax)
            body.append("\",\"location\":\"")
            body.append(Array(fault.location.rawValue.utf8))
            body.append("\"}")
        }
    }

    /// Where the first fault is, in the characters that RFC 6749 section 5.2 allows.
    private static func describe(_ fault: RequestFault, to body: inout OutputBuffer) {
        body.append(", ")
        body.append(Array(fault.location.rawValue.utf8))
        body.append(" parameter ")
        guard fault.isDeclared else { return body.append("that nobody declared") }
        for byte in fault.parameter.utf8.prefix(nameBytesMax) {
            let isAllowed = (0x20...0x7E).contains(byte) && byte != 0x22 && byte != 0x5C
            body.append(isAllowed ? byte : UInt8(ascii: "?"))
        }
    }

    private static func style(of exchange: borrowing Exchange) -> ErrorStyle {
        guard let snapshot = exchange.snapshot, exchange.route >= 0 else { return .mattr }
        return snapshot.policy.routes[exchange.route].errorStyle
    }

    private static func writeAllow(_ methods: MethodSet, to output: inout OutputBuffer) {
        output.append("Allow: ")
        for (index, name) in methods.names.enumerated() {
            if index > 0 { output.append(", ") }
            output.append(Array(name.utf8))
        }
        output.append("\r\n")
    }
}
