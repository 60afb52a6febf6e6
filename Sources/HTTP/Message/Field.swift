/// One field line of a head or trailer section, as ranges of the bytes it was read from.
public struct Field: Equatable, Sendable {
    private var nameStart: UInt32 = 0
    private var nameEnd: UInt32 = 0
    private var valueStart: UInt32 = 0
    private var valueEnd: UInt32 = 0

    /// Which of the names that the gateway treats specially this is, in any spelling.
    public private(set) var known: KnownField = .other

    /// Whether the name is a known one with `_` or `.` where a `-` belongs.
    ///
    /// Such a field is never read, and dropped where the gateway sets the field itself.
    public private(set) var isVariantSpelling = false

    /// Whether an option of a `Connection` field names this field, so that it is not forwarded.
    public internal(set) var isNamedByConnection = false

    /// The name as it was sent.
    public var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }

    /// The value without the whitespace around it; may be empty.
    public var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }

    /// Creates the field that fills a list before anything was read.
    init() {}

    /// Reads the field line that begins at `offset` and moves `offset` behind its CRLF.
    ///
    /// - Throws: `headerMalformed` for an empty name, a byte that is no `tchar` before the colon
    ///   (so whitespace too, and with it `obs-fold`), a control or bare CR or LF in the value, and
    ///   for bytes from 0x80 in a request.
    @inline(__always)
    init(reading bytes: Span<UInt8>, at offset: inout Int, kind: MessageKind) throws(HeadFailure) {
        let colon = bytes.endOfToken(from: offset)
        guard colon > offset, colon < bytes.count, bytes[colon] == UInt8(ascii: ":") else {
            throw .headerMalformed
        }
        let end = bytes.endOfText(from: colon &+ 1, in: kind)
        guard
            end &+ 1 < bytes.count,
            bytes[end] == ASCII.carriageReturn,
            bytes[end &+ 1] == ASCII.lineFeed
        else { throw .headerMalformed }
        let value = bytes.trimmingWhitespace(colon &+ 1..<end)
        let spelling = KnownField.classify(bytes, in: offset..<colon)
        nameStart = UInt32(truncatingIfNeeded: offset)
        nameEnd = UInt32(truncatingIfNeeded: colon)
        valueStart = UInt32(truncatingIfNeeded: value.lowerBound)
        valueEnd = UInt32(truncatingIfNeeded: value.upperBound)
        known = spelling.known
        isVariantSpelling = spelling.isVariant
        offset = end &+ 2
    }
}
