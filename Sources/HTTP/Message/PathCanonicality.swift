/// Decides whether a path is spelt in its one canonical form.
///
/// The gateway decides on the bytes it forwards and never repairs them: a path with two spellings
/// is one that the gateway and the application behind it may read differently. Hence a byte that may
/// stand raw must stand raw, and what applications are known to decode twice, cut at or walk up by
/// may not stand at all. A trailing slash makes a different path, not another spelling.
public enum PathCanonicality {
    /// Why a path is not canonical.
    public enum Fault: Error, Equatable, Sendable, CaseIterable {
        /// It does not begin with `/`; so too when it is empty.
        case notRooted

        /// It has `//` in it.
        case emptySegment

        /// A segment is `.` or `..`.
        case dotSegment

        /// A byte may not stand raw in a path (RFC 3986 section 3.3), or is `;` or `*`.
        case forbiddenByte

        /// A `%` is not followed by two hexadecimal digits.
        case malformedEncoding

        /// A percent encoding has small hexadecimal digits.
        case lowercaseEncoding

        /// A percent encoding stands for a byte that may stand raw.
        case needlessEncoding

        /// A percent encoding stands for `/ \ % ; * ? #`, a control or DEL.
        case forbiddenEncoding

        /// The encoded bytes are no well-formed UTF-8, or encode a C1 control.
        case malformedUTF8
    }

    /// Whether `path` is canonical.
    public static func check(_ path: Span<UInt8>) -> Bool {
        fault(in: path) == nil
    }

    /// The first reason why `path` is not canonical, or `nil` when it is.
    public static func fault(in path: Span<UInt8>) -> Fault? {
        guard !path.isEmpty, path[0] == UInt8(ascii: "/") else { return .notRooted }
        do throws(Fault) {
            var offset = 0
            while offset < path.count { offset = try endOfSegment(path, after: offset) }
            return nil
        } catch {
            return error
        }
    }

    /// Takes the segment behind the slash at `slash` and answers where it ends.
    @inline(__always)
    private static func endOfSegment(
        _ path: Span<UInt8>,
        after slash: Int
    ) throws(Fault) -> Int {
        let start = slash + 1
        var offset = start
        while offset < path.count {
            let byte = path[offset]
            if ByteClass.pathSegment.contains(byte) {
                offset += 1
            } else if byte == UInt8(ascii: "%") {
                offset = try endOfEncodedCharacter(path, from: offset)
            } else if byte == UInt8(ascii: "/") {
                break
            } else {
                throw .forbiddenByte
            }
        }
        if offset == start, offset < path.count { throw .emptySegment }
        if isDots(path, in: start..<offset) { throw .dotSegment }
        return offset
    }

    private static func isDots(_ path: Span<UInt8>, in segment: Range<Int>) -> Bool {
        switch segment.count {
        case 1: path[segment.lowerBound] == UInt8(ascii: ".")
        case 2: path.equals("..", in: segment)
        default: false
        }
    }
}

extension PathCanonicality {
    /// Takes the percent encodings of one character and answers where they end.
    private static func endOfEncodedCharacter(
        _ path: Span<UInt8>,
        from start: Int
    ) throws(Fault) -> Int {
        let lead = try encodedByte(path, at: start)
        guard lead >= 0x80 else {
            try checkEncodedASCII(lead)
            return start + 3
        }
        guard let sequence = UTF8Sequence(lead: lead) else { throw .malformedUTF8 }
        for index in 1..<sequence.length {
            let offset = start + 3 * index
            guard offset < path.count, path[offset] == UInt8(ascii: "%") else {
                throw .malformedUTF8
            }
            let byte = try encodedByte(path, at: offset)
            let allowed = index == 1 ? sequence.second : 0x80...0xBF
            guard allowed.contains(byte) else { throw .malformedUTF8 }
        }
        return start + 3 * sequence.length
    }

    /// Reads the two capital hexadecimal digits behind the `%` at `offset`.
    private static func encodedByte(_ path: Span<UInt8>, at offset: Int) throws(Fault) -> UInt8 {
        guard
            path.count - offset >= 3,
            let high = ASCII.hexDigitValue(path[offset + 1]),
            let low = ASCII.hexDigitValue(path[offset + 2])
        else { throw .malformedEncoding }
        guard
            ByteClass.upperHexDigit.contains(path[offset + 1]),
            ByteClass.upperHexDigit.contains(path[offset + 2])
        else { throw .lowercaseEncoding }
        return high << 4 | low
    }

    private static func checkEncodedASCII(_ byte: UInt8) throws(Fault) {
        switch byte {
        case 0x00...0x1F, 0x7F: throw .forbiddenEncoding
        case UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "%"): throw .forbiddenEncoding
        case UInt8(ascii: ";"), UInt8(ascii: "*"): throw .forbiddenEncoding
        case UInt8(ascii: "?"), UInt8(ascii: "#"): throw .forbiddenEncoding
        default:
            guard !ByteClass.pathSegment.contains(byte) else { throw .needlessEncoding }
        }
    }
}

/// What the first byte of a multi-byte character asks of those after it (RFC 3629 section 4).
private struct UTF8Sequence {
    let length: Int

    /// The values of the second byte that give neither an overlong form, a surrogate, a C1 control
    /// nor a number above U+10FFFF.
    let second: ClosedRange<UInt8>

    init?(lead: UInt8) {
        switch lead {
        case 0xC2: (length, second) = (2, 0xA0...0xBF)
        case 0xC3...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
    }
}
