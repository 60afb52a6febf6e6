/// Seconds since 1970 as a token gives them, RFC 7519 section 2: any JSON number.
///
/// Values beyond `limit` on either side are brought back to it, so that sums with any configured
/// duration cannot overflow.
public struct NumericDate: Hashable, Sendable {
    /// The whole seconds, rounded down.
    public let floor: Int64

    /// The whole seconds, rounded up.
    public let ceiling: Int64

    /// The largest value, some 31 billion years.
    public static let limit: Int64 = 1_000_000_000_000_000_000

    /// Reads a number that follows the JSON grammar.
    init(number bytes: [UInt8], in range: Range<Int>) {
        if let seconds = Self.plain(bytes, range) {
            floor = seconds
            ceiling = seconds
            return
        }
        var digits = Digits()
        for byte in bytes[range] where !digits.take(byte) { break }
        var exponent = Exponent()
        if let mark = bytes[range].firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
            for byte in bytes[mark + 1..<range.upperBound] { exponent.take(byte) }
        }
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        let (whole, isExact) = Self.whole(bytes[range], digits, exponent.value)
        if isNegative {
            ceiling = -whole
            floor = isExact ? -whole : -whole - 1
        } else {
            floor = whole
            ceiling = isExact ? whole : whole + 1
        }
    }

    /// The value of a number that is digits only, which nearly all are; `nil` for another.
    @inline(__always)
    private static func plain(_ bytes: [UInt8], _ range: Range<Int>) -> Int64? {
        guard range.count <= 18 else { return nil }
        var value: Int64 = 0
        for index in range {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return value
    }

    /// The magnitude without its fraction, and whether there was no fraction.
    private static func whole(
        _ number: ArraySlice<UInt8>,
        _ digits: Digits,
        _ exponent: Int
    ) -> (Int64, Bool) {
        // The decimal point stands after this many significant digits.
        let point = digits.beforePoint + exponent
        guard digits.count > 0 else { return (0, true) }
        guard point <= 18 else { return (limit, true) }
        var value: Int64 = 0
        var isExact = true
        var position = 0
        for byte in number {
            if byte | 0x20 == UInt8(ascii: "e") { break }
            guard 0x30...0x39 ~= byte, position > 0 || byte != 0x30 else { continue }
            if position < point {
                value = value * 10 + Int64(byte - 0x30)
            } else if byte != 0x30 {
                isExact = false
            }
            position += 1
        }
        while position < point {
            value *= 10
            position += 1
        }
        return (value, isExact)
    }
}

extension NumericDate {
    /// Counts the significant digits: those from the first that is not zero.
    private struct Digits {
        var count = 0

        /// Where the decimal point stands, counted from the first significant digit.
        var beforePoint = 0
        private var isFraction = false

        /// Takes one byte; `false` at the exponent.
        mutating func take(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39:
                if count > 0 || byte != 0x30 {
                    count += 1
                    if !isFraction { beforePoint += 1 }
                } else if isFraction {
                    beforePoint -= 1
                }
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "-"): break
            default: return false
            }
            return true
        }
    }

    /// Reads an exponent; beyond a billion it stays there.
    private struct Exponent {
        private var magnitude = 0
        private var isNegative = false

        var value: Int { isNegative ? -magnitude : magnitude }

        mutating func take(_ byte: UInt8) {
            if byte == UInt8(ascii: "-") { isNegative = true }
            guard 0x30...0x39 ~= byte, magnitude < 1_000_000_000 else { return }
            magnitude = magnitude * 10 + Int(byte - 0x30)
        }
    }
}
