/// base64url without padding, RFC 7515 section 2: one spelling for each string of bytes.
///
/// Padding, white space, the characters of plain base64 and bits that are left over are refused: a
/// lenient reader would take many spellings of one token.
public enum Base64URL {
    /// How many bytes `count` characters stand for; `nil` when no text has that length.
    public static func decodedCount(_ count: Int) -> Int? {
        count % 4 == 1 ? nil : count / 4 * 3 + count % 4 * 3 / 4
    }

    /// Decodes `text` into a new array, or `nil` when it is not canonical base64url.
    public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        return decode(text, into: &bytes) ? bytes : nil
    }

    /// Decodes `text` into `bytes`, whose memory is used again.
    ///
    /// - Returns: Whether `text` is canonical base64url; if not, `bytes` is empty.
    public static func decode(_ text: Span<UInt8>, into bytes: inout [UInt8]) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        guard let count = decodedCount(text.count) else { return false }
        if count == 0 { return text.count == 0 }
        var invalid: UInt8 = 0
        bytes.append(addingCapacity: count) { output in
            unsafe output.withUnsafeMutableBufferPointer { target, written in
                invalid = unsafe decode(text, to: target)
                written = count
            }
        }
        guard invalid < 64 else {
            bytes.removeAll(keepingCapacity: true)
            return false
        }
        return true
    }

    /// Decodes `text` to `target`, which has the room; the answer is below 64 when it is canonical.
    @unsafe private static func decode(
        _ text: Span<UInt8>,
        to target: UnsafeMutableBufferPointer<UInt8>
    ) -> UInt8 {
        var invalid: UInt8 = 0
        var offset = 0
        var place = 0
        while offset &+ 4 <= text.count {
            let a = unsafe value(text[unchecked: offset])
            let b = unsafe value(text[unchecked: offset &+ 1])
            let c = unsafe value(text[unchecked: offset &+ 2])
            let d = unsafe value(text[unchecked: offset &+ 3])
            invalid |= a | b | c | d
            unsafe target.initializeElement(at: place, to: a &<< 2 | b &>> 4)
            unsafe target.initializeElement(at: place &+ 1, to: b &<< 4 | c &>> 2)
            unsafe target.initializeElement(at: place &+ 2, to: c &<< 6 | d)
            offset &+= 4
            place &+= 3
        }
        guard offset < text.count else { return invalid }
        return unsafe invalid | decodeRest(text, from: offset, to: target, at: place)
    }

    /// Decodes the last two or three characters; the answer is 255 when bits are left over.
    @unsafe private static func decodeRest(
        _ text: Span<UInt8>,
        from offset: Int,
        to target: UnsafeMutableBufferPointer<UInt8>,
        at place: Int
    ) -> UInt8 {
        let a = value(text[offset])
        let b = value(text[offset + 1])
        unsafe target.initializeElement(at: place, to: a &<< 2 | b &>> 4)
        guard offset + 2 < text.count else { return b & 0x0F == 0 ? a | b : 255 }
        let c = value(text[offset + 2])
        unsafe target.initializeElement(at: place + 1, to: b &<< 4 | c &>> 2)
        return c & 0x03 == 0 ? a | b | c : 255
    }

    /// Whether all bytes of `text` are among the 64 characters.
    static func isMadeOfCharacters(_ text: Span<UInt8>) -> Bool {
        var invalid: UInt8 = 0
        for offset in text.indices { invalid |= unsafe value(text[unchecked: offset]) }
        return invalid < 64
    }

    /// Whether `byte` is one of the 64 characters.
    @inline(__always)
    public static func isCharacter(_ byte: UInt8) -> Bool { value(byte) < 64 }

    /// The value of a character, or 255.
    @inline(__always)
    private static func value(_ byte: UInt8) -> UInt8 { values[Int(byte)] }

    /// Encodes `bytes` and appends the text.
    public static func encode(_ bytes: Span<UInt8>, appendingTo text: inout [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            let rest = bytes.count - offset
            let a = UInt32(bytes[offset])
            let b = rest > 1 ? UInt32(bytes[offset + 1]) : 0
            let c = rest > 2 ? UInt32(bytes[offset + 2]) : 0
            let group = a << 16 | b << 8 | c
            text.append(character(group >> 18))
            text.append(character(group >> 12))
            if rest > 1 { text.append(character(group >> 6)) }
            if rest > 2 { text.append(character(group)) }
            offset += 3
        }
    }

    /// The text for `bytes`.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        encode(bytes.span, appendingTo: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func character(_ value: UInt32) -> UInt8 {
        switch UInt8(truncatingIfNeeded: value & 63) {
        case let value where value < 26: 0x41 + value
        case let value where value < 52: 0x61 + value - 26
        case let value where value < 62: 0x30 + value - 52
        case 62: UInt8(ascii: "-")
        default: UInt8(ascii: "_")
        }
    }
}

/// The value of each character, 255 for a byte that is none.
private let values: InlineArray<256, UInt8> = [
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 62, 255, 255,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 255, 255, 255, 255, 255, 255,
    255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 255, 255, 255, 255, 63,
    255, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
]
