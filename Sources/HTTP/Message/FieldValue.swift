/// Checks values that did not come from a parsed head before they are written into one.
public enum FieldValue {
    /// Whether `value` can stand in a field line without ending it (RFC 9110 section 5.5).
    ///
    /// Refused are controls other than the horizontal tab: a claim or a configured value with a CR
    /// or LF in it would add fields of its own.
    public static func isValid(_ value: Span<UInt8>) -> Bool {
        value.endOfText(from: 0, in: .response) == value.count
    }
}
