/// Walks over a string that was found well-formed and undoes its escapes, byte by byte.
struct JSONUnescaper {
    private var offset: Int
    private let end: Int

    /// UTF-8 bytes of the escape just read, the next one lowest.
    private var pending: UInt32 = 0
    private var pendingCount = 0

    init(_ range: Range<Int>) {
        offset = range.lowerBound
        end = range.upperBound
    }

    /// The next byte of what the string says, or `nil` at its end.
    mutating func next(in bytes: Span<UInt8>) -> UInt8? {
        if pendingCount > 0 { return takePending() }
        guard offset < end else { return nil }
        let byte = bytes[offset]
        offset += 1
        guard byte == UInt8(ascii: "\\") else { return byte }
        let escape = bytes[offset]
        offset += 1
        switch escape {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"):
            encode(readScalar(in: bytes))
            return takePending()
        default: return escape
        }
    }

    private mutating func takePending() -> UInt8 {
        let byte = UInt8(truncatingIfNeeded: pending)
        pending >>= 8
        pendingCount -= 1
        return byte
    }

    private mutating func readScalar(in bytes: Span<UInt8>) -> UInt32 {
        let first = readUnit(in: bytes)
        guard first & 0xFC00 == 0xD800 else { return first }
        offset += 2
        let second = readUnit(in: bytes)
        return 0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF)
    }

    private mutating func readUnit(in bytes: Span<UInt8>) -> UInt32 {
        var unit: UInt32 = 0
        for index in offset..<offset + 4 {
            unit = unit << 4 | UInt32(JSONReader.hexDigit(bytes[index]) ?? 0)
        }
        offset += 4
        return unit
    }

    private mutating func encode(_ scalar: UInt32) {
        switch scalar {
        case 0..<0x80:
            pending = scalar
            pendingCount = 1
        case 0x80..<0x800:
            pending = 0xC0 | scalar >> 6 | (0x80 | scalar & 0x3F) << 8
            pendingCount = 2
        case 0x800..<0x10000:
            let middle = 0x80 | scalar >> 6 & 0x3F
            pending = 0xE0 | scalar >> 12 | middle << 8 | (0x80 | scalar & 0x3F) << 16
            pendingCount = 3
        default:
            let second = 0x80 | scalar >> 12 & 0x3F
            let third = 0x80 | scalar >> 6 & 0x3F
            pending = 0xF0 | scalar >> 18 | second << 8 | third << 16
            pending |= (0x80 | scalar & 0x3F) << 24
            pendingCount = 4
        }
    }
}
