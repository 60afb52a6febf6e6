/// The text of query parameters.
enum QueryText {
    /// The bytes that a parameter means (`+` is a space); `nil` when an escape is not one.
    static func decoded(_ raw: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var index = raw.startIndex
        while index < raw.endIndex {
            switch raw[index] {
            case UInt8(ascii: "+"):
                bytes.append(0x20)
                index += 1
            case UInt8(ascii: "%"):
                guard index + 2 < raw.endIndex, let high = nibble(raw[index + 1]),
                    let low = nibble(raw[index + 2])
                else { return nil }
                bytes.append(high << 4 | low)
                index += 3
            default:
                bytes.append(raw[index])
                index += 1
            }
        }
        return bytes
    }

    /// The values of a comma list, as events hold them.
    static func list(_ value: [UInt8]) -> [[UInt8]] {
        value.split(separator: UInt8(ascii: ",")).map { JSONEscape.escaped(Array($0)) }
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
