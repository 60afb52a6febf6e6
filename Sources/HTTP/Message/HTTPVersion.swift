/// The version of HTTP/1 that a message is in.
public enum HTTPVersion: Equatable, Sendable {
    /// HTTP/1.0: no chunked bodies, one request a connection unless it asks otherwise.
    case http10

    /// HTTP/1.1.
    case http11

    /// Reads the eight bytes `HTTP/1.0` or `HTTP/1.1` at `offset`.
    ///
    /// - Throws: `versionNotSupported` for another well-formed version, otherwise `malformed`.
    @inline(__always)
    init(_ bytes: Span<UInt8>, at offset: Int, otherwise malformed: HeadFailure) throws(HeadFailure)
    {
        guard bytes.count - offset >= 8 else { throw malformed }
        // "HTTP/1.1" and "HTTP/1.0" as words, the first letter lowest.
        switch bytes.word(at: offset) {
        case 0x312E_312F_5054_5448: self = .http11
        case 0x302E_312F_5054_5448: self = .http10
        default:
            guard
                bytes.equals("HTTP/", in: offset..<offset + 5),
                ASCII.isDigit(bytes[offset + 5]),
                bytes[offset + 6] == UInt8(ascii: "."),
                ASCII.isDigit(bytes[offset + 7])
            else { throw malformed }
            throw .versionNotSupported
        }
    }
}
