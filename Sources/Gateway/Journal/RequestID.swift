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
        var digits = 0
        for index in 0..<36 {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                bytes[index] = UInt8(ascii: "-")
                continue
            }
            let word = digits < 16 ? high : low
            bytes[index] = Self.digit(word >> UInt64(60 - digits % 16 * 4))
            digits += 1
        }
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

    @inline(__always)
    private static func digit(_ value: UInt64) -> UInt8 {
        let nibble = UInt8(truncatingIfNeeded: value & 0xF)
        return nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble
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
