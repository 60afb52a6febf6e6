import HTTP

extension OutputBuffer {
    /// Appends what an outcome adds to the `data` of its request.
    mutating func append(_ outcome: EventOutcome, durationMicroseconds: Int64) {
        if outcome.status > 0 {
            append(",\"status\":")
            append(decimal: outcome.status)
        }
        append(",\"durationMs\":")
        append(milliseconds: durationMicroseconds)
        if outcome.upstreamStatus > 0 {
            append(",\"upstreamStatus\":")
            append(decimal: outcome.upstreamStatus)
        }
        append(shadow: outcome.shadow)
        if let fault = outcome.fault {
            if outcome.isRefusal {
                append(",\"code\":\"")
                append(fault.type, bytesMax: EventLimits.codeBytesMax)
                append("\"")
            }
            append(error: fault)
        } else if !outcome.isSuccess {
            append(error: .upstreamStatus)
        }
    }

    /// Appends `,"shadow":"CODE"`; nothing without a code.
    mutating func append(shadow code: StaticString?) {
        guard let code else { return }
        append(",\"shadow\":\"")
        append(code, bytesMax: EventLimits.codeBytesMax)
        append("\"")
    }

    /// Appends `,"error":{...}`.
    mutating func append(error fault: EventOutcome.Fault) {
        append(",\"error\":{\"type\":\"")
        append(fault.type, bytesMax: EventLimits.codeBytesMax)
        append("\",\"message\":\"")
        append(fault.message, bytesMax: EventLimits.messageBytesMax)
        append("\"}")
    }

    /// Appends microseconds as milliseconds, with a fraction of up to three digits.
    mutating func append(milliseconds microseconds: Int64) {
        let value = Int(min(max(0, microseconds), 999_999_999_999_999))
        append(decimal: value / 1_000)
        var fraction = value % 1_000
        if fraction == 0 { return }
        append(UInt8(ascii: "."))
        var digits = 3
        while fraction % 10 == 0 {
            fraction /= 10
            digits -= 1
        }
        append(decimal: fraction, digits: digits)
    }

    /// Appends a constant as the inside of a JSON string.
    private mutating func append(_ text: StaticString, bytesMax: Int) {
        let whole = unsafe Span(_unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount)
        let end = min(whole.count, bytesMax)
        append(jsonEscaped: whole.extracting(0..<end), bytesMax: bytesMax)
    }
}

extension EventOutcome.Fault {
    /// The upstream answered, and not well.
    static let upstreamStatus = Self(
        type: "upstream-status",
        message: "the upstream answered with an error"
    )
}

extension EventOutcome {
    /// The gateway stopped before the request had ended.
    static let gatewayStopped = EventOutcome.failed(
        status: nil,
        fault: Fault(type: "gateway-stopped", message: "the gateway stopped before the end")
    )
}
