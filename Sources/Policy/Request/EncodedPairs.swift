/// Walks the `name=value` pairs of a query or a form, `application/x-www-form-urlencoded`.
///
/// Pairs are separated by `&`, empty ones are skipped; a pair without `=` has an empty value.
struct EncodedPairs {
    private var offset = 0
    private let end: Int

    /// Starts before the first pair of a text of `count` bytes.
    init(_ count: Int) { end = count }

    /// The next pair as it was sent, `nil` behind the last.
    mutating func next(in encoded: Span<UInt8>) -> (name: Range<Int>, value: Range<Int>)? {
        while offset < end {
            let start = offset
            var stop = start
            while stop < end, encoded[stop] != UInt8(ascii: "&") { stop += 1 }
            offset = stop + 1
            guard start < stop else { continue }
            var equals = start
            while equals < stop, encoded[equals] != UInt8(ascii: "=") { equals += 1 }
            return (start..<equals, min(equals + 1, stop)..<stop)
        }
        return nil
    }

    /// Replaces `bytes` by what a text stands for: `%XX` is a byte and `+` a space.
    ///
    /// - Returns: False when a `%` is not followed by two hexadecimal digits.
    static func decode(_ encoded: Span<UInt8>, into bytes: inout [UInt8]) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        var index = 0
        while index < encoded.count {
            switch encoded[index] {
            case UInt8(ascii: "%"):
                guard index + 2 < encoded.count, let high = digit(encoded[index + 1]),
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
