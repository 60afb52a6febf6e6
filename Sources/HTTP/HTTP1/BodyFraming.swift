/// How the end of a message body is found (RFC 9112 section 6.3).
public enum BodyFraming: Equatable, Sendable {
    /// There is no body.
    case none

    /// The body has exactly this many bytes, at most 18 decimal digits of them.
    case length(UInt64)

    /// The body comes in chunks; `ChunkedDecoder` reads it.
    case chunked

    /// The body ends where the connection does; only responses have such bodies.
    case untilClose
}

extension FieldList {
    /// What the framing fields of a head say, before the kind of message is considered.
    ///
    /// - Returns: `.length`, `.chunked`, or `nil` when neither field is there.
    /// - Throws: `framingInvalid` for anything that two readers could understand in two ways:
    ///   both fields at once; either one repeated, even alike; a length that is not plain digits
    ///   (sign, list, hexadecimal, leading zero, over 18 digits, empty); a coding that is not
    ///   exactly `chunked`; `Transfer-Encoding` in HTTP/1.0; and either name with `_` or `.` for
    ///   its `-`, which an application could take for the real one.
    func declaredFraming(
        _ head: Span<UInt8>,
        version: HTTPVersion
    ) throws(HeadFailure) -> BodyFraming? {
        guard !hasVariant(of: .contentLength), !hasVariant(of: .transferEncoding) else {
            throw .framingInvalid
        }
        switch (firstIndex(of: .contentLength), firstIndex(of: .transferEncoding)) {
        case (nil, nil):
            return nil
        case (let index?, nil):
            guard count(of: .contentLength) == 1 else { throw .framingInvalid }
            return .length(try Self.length(head, in: self[index].value))
        case (nil, let index?):
            guard
                count(of: .transferEncoding) == 1,
                version == .http11,
                head.equalsIgnoringCase("chunked", in: self[index].value)
            else { throw .framingInvalid }
            return .chunked
        case (_?, _?):
            throw .framingInvalid
        }
    }

    /// Reads a `Content-Length`: 1 to 18 digits, the first not 0 unless it is the only one.
    private static func length(
        _ head: Span<UInt8>,
        in range: Range<Int>
    ) throws(HeadFailure) -> UInt64 {
        guard !range.isEmpty, range.count <= 18 else { throw .framingInvalid }
        guard range.count == 1 || head[range.lowerBound] != UInt8(ascii: "0") else {
            throw .framingInvalid
        }
        var value: UInt64 = 0
        for index in range {
            guard ASCII.isDigit(head[index]) else { throw .framingInvalid }
            value = value * 10 + UInt64(head[index] & 0x0F)
        }
        return value
    }
}
