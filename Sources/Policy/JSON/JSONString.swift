/// Writes JSON strings.
public enum JSONString {
    /// Appends `text`, which must be UTF-8, as a JSON string with its quotes.
    ///
    /// Control characters, `"` and `\` are escaped, and nothing else: the bytes of other characters
    /// stay as they are.
    public static func append(_ text: Span<UInt8>, to target: inout [UInt8]) {
        target.append(UInt8(ascii: "\""))
        for index in text.indices { append(byte: text[index], to: &target) }
        target.append(UInt8(ascii: "\""))
    }

    /// Appends `text` as a JSON string with its quotes.
    public static func append(_ text: String, to target: inout [UInt8]) {
        append(Array(text.utf8).span, to: &target)
    }

    /// Appends one byte of a string, escaped when it must be.
    public static func append(byte: UInt8, to target: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            target.append(UInt8(ascii: "\\"))
            target.append(byte)
        case 0x0A: target += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
        case 0x0D: target += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
        case 0x09: target += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
        case 0..<0x20:
            let digit = byte & 0xF
            target += [UInt8(ascii: "\\"), UInt8(ascii: "u"), 0x30, 0x30, 0x30 + byte >> 4]
            target.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        default: target.append(byte)
        }
    }
}
