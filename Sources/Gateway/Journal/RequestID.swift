/// The identifier that the events, headers and logs of one request share.
struct RequestID: Sendable {
    /// The most bytes a client's own identifier may have.
    static let bytesMax = 128

    private var bytes: InlineArray<128, UInt8>
    private(set) var count: Int

    /// Makes a UUID of version 7 (RFC 9562 section 5.7), 36 characters.
    ///
    /// - Parameters:
    ///   - milliseconds: The time since 1970; 48 bits count.
    ///   - random: 74 of these bits become part of it.
    init(uuidV7 milliseconds: Int64, random: (UInt64, UInt64)) {
        bytes = .init(repeating: 0)
        count = 36
        let high = UInt64(bitPattern: milliseconds) << 16 | 0x7000 | random.0 & 0xFFF
        let low = 0x8000_0000_0000_0000 | random.1 >> 2
        put(Self.digits(high >> 32), 0..<8, at: 0)
        let middle = Self.digits(high)
        put(middle, 0..<4, at: 9)
        put(middle, 4..<8, at: 14)
        let next = Self.digits(low >> 32)
        put(next, 0..<4, at: 19)
        put(next, 4..<8, at: 24)
        put(Self.digits(low), 0..<8, at: 28)
        bytes[8] = UInt8(ascii: "-")
        bytes[13] = UInt8(ascii: "-")
        bytes[18] = UInt8(ascii: "-")
        bytes[23] = UInt8(ascii: "-")
    }

    /// Keeps a client's own identifier: 1 to 128 characters of `A-Z a-z 0-9 . _ ~ + / = : @ -`.
    ///
    /// Anything else is refused, so it can stand in a header, an event and a log as it is.
    init?(wellFormed text: Span<UInt8>) {
        guard text.count >= 1, text.count <= Self.bytesMax else { return nil }
        bytes = .init(repeating: 0)
        count = text.count
        for index in text.indices {
            guard Self.isAllowed(text[index]) else { return nil }
            bytes[index] = text[index]
        }
    }

    /// The characters, all of them ASCII.
    var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span.extracting(0..<count) }
    }

    /// The 8 hexadecimal digits of the lower 32 bits as ASCII, the first in the highest byte.
    @inline(__always)
    private static func digits(_ value: UInt64) -> UInt64 {
        var nibbles = value & 0xFFFF_FFFF
        nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFF
        nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
        nibbles = (nibbles | nibbles << 4) & 0x0F0F_0F0F_0F0F_0F0F
        // 1 in each byte whose nibble is a letter: `a` is 39 further than the digit after 9.
        let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 39
    }

    @inline(__always)
    private mutating func put(_ digits: UInt64, _ range: Range<Int>, at start: Int) {
        for index in range {
            let shift = UInt64(truncatingIfNeeded: 56 - index * 8)
            bytes[start + index - range.lowerBound] = UInt8(truncatingIfNeeded: digits >> shift)
        }
    }

    /// One bit for each of the ASCII characters allowed.
    private static let allowedLow: UInt64 = 0x27FF_E800_0000_0000
    private static let allowedHigh: UInt64 = 0x47FF_FFFE_87FF_FFFF

    @inline(__always)
    private static func isAllowed(_ byte: UInt8) -> Bool {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        return switch byte >> 6 {
        case 0: allowedLow & bit != 0
        case 1: allowedHigh & bit != 0
        default: false
        }
    }
}
