/// Decides whether a query is well formed.
///
/// A query is forwarded as received, so unlike a path it may have several spellings; it only has to
/// be one that every reader takes apart alike.
public enum QuerySyntax {
    /// Whether `query`, which begins behind the `?`, holds only what RFC 3986 section 3.4 allows.
    ///
    /// Refused are `#`, controls, spaces, bytes from 0x80, quotes, brackets and braces when raw,
    /// and a `%` without two hexadecimal digits behind it.
    public static func check(_ query: Span<UInt8>) -> Bool {
        var offset = 0
        while offset < query.count {
            if ByteClass.query.contains(query[offset]) {
                offset += 1
            } else {
                guard
                    query[offset] == UInt8(ascii: "%"),
                    query.count - offset >= 3,
                    ByteClass.hexDigit.contains(query[offset + 1]),
                    ByteClass.hexDigit.contains(query[offset + 2])
                else { return false }
                offset += 3
            }
        }
        return true
    }
}
