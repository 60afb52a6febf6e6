import HTTP

/// A well-formed `traceparent` of the client (W3C Trace Context section 3.2.2).
struct TraceParent {
    /// 32 hexadecimal digits.
    let traceID: Range<Int>

    /// 2 hexadecimal digits.
    let flags: Range<Int>

    /// Finds the one `traceparent` of a head; `nil` when there is none that is well formed.
    @inline(__always)
    static func find(_ head: borrowing RequestHead, _ bytes: Span<UInt8>) -> TraceParent? {
        guard head.fields.count(of: .traceparent) == 1,
            let index = head.fields.firstIndex(of: .traceparent)
        else { return nil }
        let value = head.fields[index].value
        guard value.count == 55, isWellFormed(bytes.extracting(value)) else { return nil }
        let start = value.lowerBound
        return TraceParent(traceID: start + 3..<start + 35, flags: start + 53..<start + 55)
    }

    private static func isWellFormed(_ value: Span<UInt8>) -> Bool {
        var traceBits: UInt8 = 0
        var parentBits: UInt8 = 0
        for index in value.indices {
            let byte = value[index]
            switch index {
            case 0, 1: if byte != UInt8(ascii: "0") { return false }
            case 2, 35, 52: if byte != UInt8(ascii: "-") { return false }
            default:
                guard (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) else {
                    return false
                }
                if index < 35 { traceBits |= byte ^ 0x30 }
                if index > 35 && index < 52 { parentBits |= byte ^ 0x30 }
            }
        }
        return traceBits != 0 && parentBits != 0
    }
}
