/// Writes the parts of a head and of a chunked body that the gateway makes itself.
///
/// Whether everything fitted is asked once, of `OutputBuffer.overflowed`.
public enum HeadWriter {
    /// Appends the status line of `status`, which is in 100...999, with its CRLF.
    @inline(__always)
    public static func appendStatusLine(_ status: Int, to output: inout OutputBuffer) {
        precondition((100...999).contains(status))
        output.append("HTTP/1.1 ")
        output.append(decimal: status)
        output.append(ASCII.space)
        output.append(ReasonPhrase.text(for: status))
        output.append("\r\n")
    }

    /// Appends a field line with a literal value.
    @inline(__always)
    public static func appendField(
        _ name: StaticString,
        _ value: StaticString,
        to output: inout OutputBuffer
    ) {
        output.append(name)
        output.append(": ")
        output.append(value)
        output.append("\r\n")
    }

    /// Appends a field line with a number for its value.
    @inline(__always)
    public static func appendField(
        _ name: StaticString,
        decimal value: Int,
        to output: inout OutputBuffer
    ) {
        output.append(name)
        output.append(": ")
        output.append(decimal: value)
        output.append("\r\n")
    }

    /// Appends a field line, unless the value holds what would end the line early.
    ///
    /// - Returns: Whether the value is one that `FieldValue.isValid` accepts; if not, nothing is
    ///   appended.
    @discardableResult
    @inline(__always)
    public static func appendField(
        _ name: StaticString,
        _ value: Span<UInt8>,
        to output: inout OutputBuffer
    ) -> Bool {
        guard FieldValue.isValid(value) else { return false }
        output.append(name)
        output.append(": ")
        output.append(value)
        output.append("\r\n")
        return true
    }

    /// Appends a field line, unless name or value hold what would end the line early.
    ///
    /// - Returns: Whether `FieldName.isValid` and `FieldValue.isValid` accept them; if not, nothing
    ///   is appended.
    @discardableResult
    @inline(__always)
    public static func appendField(
        _ name: Span<UInt8>,
        _ value: Span<UInt8>,
        to output: inout OutputBuffer
    ) -> Bool {
        guard FieldName.isValid(name), FieldValue.isValid(value) else { return false }
        output.append(name)
        output.append(": ")
        output.append(value)
        output.append("\r\n")
        return true
    }

    /// Appends a field line of a head that was parsed, which needs no check.
    @inline(__always)
    public static func appendField(
        _ field: Field,
        of head: Span<UInt8>,
        to output: inout OutputBuffer
    ) {
        output.append(head.extracting(field.name))
        output.append(": ")
        output.append(head.extracting(field.value))
        output.append("\r\n")
    }

    /// Appends the empty line that ends a head or a trailer section.
    @inline(__always)
    public static func appendEmptyLine(to output: inout OutputBuffer) {
        output.append("\r\n")
    }

    /// Appends the line before a chunk of `size` bytes, which is over 0.
    @inline(__always)
    public static func appendChunkSize(_ size: Int, to output: inout OutputBuffer) {
        precondition(size > 0)
        let digits = (64 - size.leadingZeroBitCount + 3) / 4
        output.append(hexadecimal: UInt64(size), digits: digits)
        output.append("\r\n")
    }
}
