/// Compares media types (RFC 9110 section 8.3.1).
public enum MediaType {
    /// Whether the value of a `Content-Type` field has the type and subtype `wanted`.
    ///
    /// Case does not count and parameters are ignored, so `Application/JSON; charset=utf-8` is
    /// `application/json`.
    ///
    /// - Parameters:
    ///   - value: A field value without whitespace around it.
    ///   - wanted: Type and subtype with the slash, in any case.
    /// - Returns: Whether they agree.
    public static func matches(_ value: Span<UInt8>, _ wanted: Span<UInt8>) -> Bool {
        guard !wanted.isEmpty, value.count >= wanted.count else { return false }
        for index in wanted.indices
        where ASCII.lowercased(value[index]) != ASCII.lowercased(wanted[index]) {
            return false
        }
        var offset = wanted.count
        while offset < value.count, ASCII.isWhitespace(value[offset]) { offset += 1 }
        return offset == value.count || value[offset] == UInt8(ascii: ";")
    }

    /// Whether the subtype in the value of a `Content-Type` field ends like that, as structured
    /// syntaxes do (RFC 6839): `application/vc+json` has the suffix `+json`.
    public static func hasSuffix(_ value: Span<UInt8>, _ suffix: StaticString) -> Bool {
        var end = value.firstOffset(of: UInt8(ascii: ";"), from: 0, to: value.count)
        while end > 0, ASCII.isWhitespace(value[end - 1]) { end -= 1 }
        let start = end - suffix.utf8CodeUnitCount
        return start > 0 && matches(value.extracting(start..<value.count), suffix)
    }

    /// Whether the value of a `Content-Type` field names no other charset than UTF-8.
    ///
    /// A value whose parameters are not of the form `; name=value` or `; name="value"` names none
    /// that is known, so the answer is false.
    public static func isUTF8(_ value: Span<UInt8>) -> Bool {
        var offset = value.firstOffset(of: UInt8(ascii: ";"), from: 0, to: value.count)
        while offset < value.count {
            guard let parameter = nextParameter(value, at: &offset) else { return false }
            let name = value.extracting(parameter.name)
            let isCharset = matches(name, "charset") && name.count == 7
            guard isCharset else { continue }
            let charset = value.extracting(parameter.value)
            guard matches(charset, "utf-8"), charset.count == 5 else { return false }
        }
        return true
    }

    /// Takes the parameter behind a `;`; an empty one has no name.
    private static func nextParameter(
        _ value: Span<UInt8>,
        at offset: inout Int
    ) -> (name: Range<Int>, value: Range<Int>)? {
        offset += 1
        skipWhitespace(value, &offset)
        let start = offset
        let end = value.endOfToken(from: offset)
        offset = end
        guard start < end else {
            skipWhitespace(value, &offset)
            let isEmpty = offset == value.count || value[offset] == UInt8(ascii: ";")
            return isEmpty ? (start..<start, start..<start) : nil
        }
        guard offset < value.count, value[offset] == UInt8(ascii: "=") else { return nil }
        offset += 1
        let isQuoted = offset < value.count && value[offset] == UInt8(ascii: "\"")
        let first = isQuoted ? offset + 1 : offset
        let last =
            isQuoted
            ? value.firstOffset(of: UInt8(ascii: "\""), from: first, to: value.count)
            : value.endOfToken(from: first)
        guard !isQuoted || last < value.count else { return nil }
        offset = isQuoted ? last + 1 : last
        skipWhitespace(value, &offset)
        guard offset == value.count || value[offset] == UInt8(ascii: ";") else { return nil }
        return (start..<end, first..<last)
    }

    private static func skipWhitespace(_ value: Span<UInt8>, _ offset: inout Int) {
        while offset < value.count, ASCII.isWhitespace(value[offset]) { offset += 1 }
    }

    /// Whether the value of a `Content-Type` field has the type and subtype `wanted`.
    public static func matches(_ value: Span<UInt8>, _ wanted: StaticString) -> Bool {
        let known = unsafe Span(_unsafeStart: wanted.utf8Start, count: wanted.utf8CodeUnitCount)
        return matches(value, known)
    }
}
