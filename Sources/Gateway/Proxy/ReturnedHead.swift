import HTTP

/// Writes the head that a client sees from the head that an upstream sent.
enum ReturnedHead {
    /// Writes a final answer's head into `output`.
    ///
    /// `isLast` says whether the connection ends with this answer, `noStore` whether the route says
    /// `response no-store`.
    @inline(__always)
    static func write(
        _ head: borrowing ResponseHead,
        _ bytes: Span<UInt8>,
        exchange: borrowing Exchange,
        isLast: Bool,
        noStore: Bool,
        to output: inout OutputBuffer
    ) {
        if exchange.isAuthorization, exchange.status != head.status {
            HeadWriter.appendStatusLine(exchange.status, to: &output)
        } else {
            writeStatusLine(head, bytes, to: &output)
        }
        for index in 0..<head.fields.count {
            let field = head.fields[index]
            if field.isNamedByConnection { continue }
            switch field.known {
            case .connection, .keepAlive, .proxyAuthenticate, .proxyAuthorization,
                .proxyConnection, .te, .transferEncoding, .upgrade, .xRequestID, .postern:
                continue
            case .contentLength where head.status == 204: continue
            case .trailer where exchange.framing != .chunked: continue
            case .dpopNonce where exchange.isAuthorized:
                // The upstream saw no proof; a nonce of its own would take the place of ours.
                continue
            case .cacheControl where noStore, .pragma where noStore: continue
            case .other where noStore:
                let name = bytes.extracting(field.name)
                if FieldName.overrulesCacheControl(name) { continue }
                let mayStand = FieldName.mayStandInAuthorizationAnswer(name)
                if exchange.isAuthorization, !mayStand { continue }
                HeadWriter.appendField(field, of: bytes, to: &output)
            default: HeadWriter.appendField(field, of: bytes, to: &output)
            }
        }
        if exchange.isAuthorization { output.append("Referrer-Policy: no-referrer\r\n") }
        if noStore { output.append("Cache-Control: no-store\r\n") }
        if exchange.framing == .chunked { output.append("Transfer-Encoding: chunked\r\n") }
        writeNonce(exchange, to: &output)
        writeConnection(exchange, isLast: isLast, to: &output)
        output.append("X-Request-Id: ")
        output.append(exchange.requestID.span)
        output.append("\r\n\r\n")
    }

    /// Writes an interim answer's head, RFC 9110 section 15.2.
    static func writeInterim(
        _ head: borrowing ResponseHead,
        _ bytes: Span<UInt8>,
        to output: inout OutputBuffer
    ) {
        writeStatusLine(head, bytes, to: &output)
        for index in 0..<head.fields.count {
            let field = head.fields[index]
            if field.isNamedByConnection || field.known.isHopByHop { continue }
            if field.known == .xRequestID || field.known == .postern { continue }
            if field.known == .contentLength { continue }
            HeadWriter.appendField(field, of: bytes, to: &output)
        }
        output.append("\r\n")
    }

    /// Tells the nonce for the next proof, RFC 9449 section 9.
    @inline(__always)
    static func writeNonce(_ exchange: borrowing Exchange, to output: inout OutputBuffer) {
        guard !exchange.nonce.isEmpty else { return }
        output.append("DPoP-Nonce: ")
        output.append(exchange.nonce)
        output.append("\r\n")
    }

    /// Says whether the connection goes on, where the version does not say it by itself.
    @inline(__always)
    static func writeConnection(
        _ exchange: borrowing Exchange,
        isLast: Bool,
        to output: inout OutputBuffer
    ) {
        if isLast {
            output.append("Connection: close\r\n")
        } else if exchange.isHTTP10 {
            output.append("Connection: keep-alive\r\n")
        }
    }

    /// The upstream's own reason phrase passes; the version is ours.
    @inline(__always)
    private static func writeStatusLine(
        _ head: borrowing ResponseHead,
        _ bytes: Span<UInt8>,
        to output: inout OutputBuffer
    ) {
        output.append("HTTP/1.1 ")
        output.append(decimal: head.status)
        output.append(UInt8(ascii: " "))
        output.append(bytes.extracting(head.reason))
        output.append("\r\n")
    }
}
