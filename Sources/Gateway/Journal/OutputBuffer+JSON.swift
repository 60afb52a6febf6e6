import HTTP

extension OutputBuffer {
    /// Appends `text` as the inside of a JSON string: escaped, and valid UTF-8 whatever it was.
    ///
    /// - Parameters:
    ///   - text: Any bytes.
    ///   - bytesMax: What goes beyond this many bytes of `text` is left out, at the boundary of a
    ///     character.
    @inline(__always)
    mutating func append(jsonEscaped text: Span<UInt8>, bytesMax: Int) {
        if text.count <= bytesMax, JSONEscape.isPlain(text) {
            append(text)
        } else {
            appendEscaped(text, bytesMax: bytesMax)
        }
    }

    private mutating func appendEscaped(_ text: Span<UInt8>, bytesMax: Int) {
        let end = min(text.count, bytesMax)
        var index = 0
        while index < end {
            let byte = text[index]
            if byte < 0x80 {
                append(asciiEscaped: byte)
                index += 1
                continue
            }
            let length = JSONEscape.sequenceLength(text, at: index)
            if length == 0 {
                append("\u{FFFD}")
                index += 1
            } else {
                guard index + length <= end else { return }
                append(text.extracting(index..<index + length))
                index += length
            }
        }
    }

    private mutating func append(asciiEscaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0..<0x20, 0x7F:
            append("\\u00")
            append(hexadecimal: UInt64(byte), digits: 2)
        default: append(byte)
        }
    }
}

/// What JSON strings may hold (RFC 8259 section 7).
enum JSONEscape {
    /// The most bytes that one byte of text becomes.
    static let growthMax = 6

    /// `text` as the inside of a JSON string, the same bytes that events hold.
    static func escaped(_ text: [UInt8], bytesMax: Int = 65_536) -> [UInt8] {
        var buffer = OutputBuffer(capacity: text.count * growthMax + 1)
        buffer.append(jsonEscaped: text.span, bytesMax: bytesMax)
        return buffer.span.copied
    }

    /// What the inside of a JSON string means; an escape that is none stands for itself.
    static func unescaped(_ text: ArraySlice<UInt8>) -> String {
        guard text.contains(0x5C) else { return String(decoding: text, as: UTF8.self) }
        var units: [UInt16] = []
        var rest = String(decoding: text, as: UTF8.self).utf16[...]
        while let unit = rest.popFirst() {
            guard unit == 0x5C, let escape = rest.popFirst() else {
                units.append(unit)
                continue
            }
            switch UInt8(truncatingIfNeeded: escape) {
            case UInt8(ascii: "n"): units.append(0x0A)
            case UInt8(ascii: "r"): units.append(0x0D)
            case UInt8(ascii: "t"): units.append(0x09)
            case UInt8(ascii: "b"): units.append(0x08)
            case UInt8(ascii: "f"): units.append(0x0C)
            case UInt8(ascii: "u"):
                let digits = String(decoding: rest.prefix(4), as: UTF16.self)
                guard let value = UInt16(digits, radix: 16), digits.utf16.count == 4 else {
                    units += [unit, escape]
                    continue
                }
                units.append(value)
                rest = rest.dropFirst(4)
            default: units.append(escape)
            }
        }
        return String(decoding: units, as: UTF16.self)
    }

    /// Whether every byte is ASCII that stands for itself.
    @inline(__always)
    static func isPlain(_ text: Span<UInt8>) -> Bool {
        for index in text.indices {
            let byte = text[index]
            if byte &- 0x20 >= 0x5F || byte == 0x22 || byte == 0x5C { return false }
        }
        return true
    }

    /// The length of the valid UTF-8 sequence of 2 to 4 bytes at `index`; 0 when there is none.
    static func sequenceLength(_ text: Span<UInt8>, at index: Int) -> Int {
        let lead = text[index]
        let length =
            switch lead {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 0
            }
        guard length > 0, index + length <= text.count else { return 0 }
        for offset in 1..<length where text[index + offset] & 0xC0 != 0x80 { return 0 }
        let second = text[index + 1]
        // Overlong forms, surrogates, and what lies beyond U+10FFFF.
        switch lead {
        case 0xE0 where second < 0xA0: return 0
        case 0xED where second > 0x9F: return 0
        case 0xF0 where second < 0x90: return 0
        case 0xF4 where second > 0x8F: return 0
        default: return length
        }
    }
}

extension Span<UInt8> {
    /// The bytes as an array.
    var copied: [UInt8] {
        unsafe withUnsafeBufferPointer { bytes in unsafe Array(bytes) }
    }
}
