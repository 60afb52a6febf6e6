/// Eight bytes of a text looked at in one step; the first byte is the lowest.
///
/// Every test answers with the highest bit of each byte that passes, so that answers can be joined.
struct ByteWord {
    private let bits: UInt64

    /// The highest bit of each byte.
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// One in each byte.
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// Reads the eight bytes from `offset`.
    @inline(__always)
    init(_ bytes: Span<UInt8>, at offset: Int) {
        precondition(offset >= 0 && offset &+ 8 <= bytes.count)
        let raw = unsafe bytes.bytes
        let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        bits = UInt64(littleEndian: word)
    }

    /// The bytes from 0x80.
    @inline(__always)
    var beyondASCII: UInt64 { bits & Self.highs }

    /// The bytes from `low` to `high`, which are ASCII.
    @inline(__always)
    func between(_ low: UInt8, _ high: UInt8) -> UInt64 {
        let low7 = bits & ~Self.highs
        let reached = low7 &+ Self.ones &* UInt64(0x80 &- low)
        let passed = low7 &+ Self.ones &* UInt64(0x7F &- high)
        return reached & ~passed & ~bits & Self.highs
    }

    /// The bytes that are `byte`, which is ASCII.
    @inline(__always)
    func equal(to byte: UInt8) -> UInt64 {
        let difference = (bits ^ Self.ones &* UInt64(byte)) & ~Self.highs
        return ~(difference &+ ~Self.highs) & ~bits & Self.highs
    }

    /// Whether an answer says so of all eight bytes.
    @inline(__always)
    static func isAll(_ answer: UInt64) -> Bool { answer == highs }

    /// Which of the eight bytes an answer names first; 8 when it names none.
    @inline(__always)
    static func first(_ answer: UInt64) -> Int { answer.trailingZeroBitCount &>> 3 }
}
