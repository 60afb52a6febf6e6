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

    /// Whether the value of a `Content-Type` field has the type and subtype `wanted`.
    public static func matches(_ value: Span<UInt8>, _ wanted: StaticString) -> Bool {
        let known = unsafe Span(_unsafeStart: wanted.utf8Start, count: wanted.utf8CodeUnitCount)
        return matches(value, known)
    }
}
