/// What a query may be made of, RFC 3986 section 3.4.
///
/// The queries of `test` lines are held to the form that requests are held to, whether or not a
/// route says anything of its query.
enum QueryForm {
    private static let marks: Set<UInt8> = Set("-._~!$&'()*+,;=:@/?".utf8)

    /// Whether `query`, which begins behind the `?`, has no byte that must be encoded and is not,
    /// and no `%` without two hexadecimal digits behind it.
    static func isKept(by query: [UInt8]) -> Bool {
        var index = 0
        while index < query.count {
            if query[index] == UInt8(ascii: "%") {
                guard query[(index + 1)...].prefix(2).count(where: isHexDigit) == 2 else {
                    return false
                }
                index += 3
            } else {
                guard isPlain(query[index]) else { return false }
                index += 1
            }
        }
        return true
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: marks.contains(byte)
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
