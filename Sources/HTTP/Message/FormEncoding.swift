/// Reads and writes text in `application/x-www-form-urlencoded`: `%XX` is a byte and `+` a space.
public enum FormEncoding {
    /// Whether `encoded` stands for exactly the bytes of `text`; not so when it is malformed.
    public static func equals(_ encoded: Span<UInt8>, _ text: Span<UInt8>) -> Bool {
        var offset = 0
        var index = 0
        while let byte = next(encoded, at: &offset) {
            guard index < text.count, text[index] == byte else { return false }
            index += 1
        }
        return offset == encoded.count && index == text.count
    }

    /// Whether `encoded` stands for exactly `text`.
    public static func equals(_ encoded: Span<UInt8>, _ text: StaticString) -> Bool {
        let known = unsafe Span(_unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount)
        return equals(encoded, known)
    }

    /// Appends the bytes that `encoded` stands for to `output`.
    ///
    /// - Returns: Whether it was well formed; if not, `output` is as before.
    public static func decode(_ encoded: Span<UInt8>, into output: inout OutputBuffer) -> Bool {
        let length = output.count
        var offset = 0
        while let byte = next(encoded, at: &offset) { output.append(byte) }
        guard offset == encoded.count else {
            output.truncate(to: length)
            return false
        }
        return true
    }

    /// Encodes `bytes`: letters, digits and `*-._` stand for themselves, a space is `+`.
    public static func encode(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity(bytes.count)
        for byte in bytes {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "*"), UInt8(ascii: "-"),
                UInt8(ascii: "."), UInt8(ascii: "_"):
                encoded.append(byte)
            case ASCII.space: encoded.append(UInt8(ascii: "+"))
            default:
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            }
        }
        return encoded
    }

    /// Takes one decoded byte; `nil` at the end, and, with `offset` before it, when malformed.
    @inline(__always)
    private static func next(_ encoded: Span<UInt8>, at offset: inout Int) -> UInt8? {
        guard offset < encoded.count else { return nil }
        let byte = encoded[offset]
        switch byte {
        case UInt8(ascii: "+"):
            offset += 1
            return ASCII.space
        case UInt8(ascii: "%"):
            guard
                encoded.count - offset >= 3,
                let high = ASCII.hexDigitValue(encoded[offset + 1]),
                let low = ASCII.hexDigitValue(encoded[offset + 2])
            else { return nil }
            offset += 3
            return high << 4 | low
        default:
            offset += 1
            return byte
        }
    }
}
