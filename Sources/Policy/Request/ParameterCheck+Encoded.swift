extension ParameterCheck {
    /// Checks all of a query or a form as it was sent, `application/x-www-form-urlencoded`.
    ///
    /// Pairs are separated by `&`, empty ones are skipped; a pair without `=` has an empty value.
    ///
    /// - Returns: Every fault; one that names the whole when a `%` is not followed by two
    ///   hexadecimal digits, because readers take such text apart in different ways.
    consuming func faults(in encoded: Span<UInt8>) -> [RequestFault] {
        var start = 0
        var name: [UInt8] = []
        var value: [UInt8] = []
        while start < encoded.count {
            var end = start
            while end < encoded.count, encoded[end] != UInt8(ascii: "&") { end += 1 }
            var equals = start
            while equals < end, encoded[equals] != UInt8(ascii: "=") { equals += 1 }
            if start < end {
                guard Self.decode(encoded, start..<equals, into: &name),
                    Self.decode(encoded, min(equals + 1, end)..<end, into: &value)
                else { return [.malformed(location)] }
                take(name: name.span, value: value.span)
            }
            start = end + 1
        }
        return finish()
    }

    /// Replaces `bytes` by what a stretch stands for: `%XX` is a byte and `+` a space.
    private static func decode(
        _ encoded: Span<UInt8>,
        _ range: Range<Int>,
        into bytes: inout [UInt8]
    ) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        var index = range.lowerBound
        while index < range.upperBound {
            switch encoded[index] {
            case UInt8(ascii: "%"):
                guard index + 2 < range.upperBound, let high = digit(encoded[index + 1]),
                    let low = digit(encoded[index + 2])
                else { return false }
                bytes.append(high << 4 | low)
                index += 2
            case UInt8(ascii: "+"): bytes.append(0x20)
            default: bytes.append(encoded[index])
            }
            index += 1
        }
        return true
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}

extension RequestFault {
    /// A query or a form that cannot be taken apart.
    public static func malformed(_ location: Location) -> RequestFault {
        RequestFault(location.rawValue, in: location)
    }
}
