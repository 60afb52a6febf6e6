import HTTP

/// The `Bearer` credential of an `Authorization` field, RFC 6750 section 2.1.
enum BearerCredential {
    /// Where the token begins in the value of the field; `nil` for another scheme.
    @inline(__always)
    static func start(in value: Span<UInt8>) -> Int? {
        let scheme: StaticString = "bearer"
        guard value.count >= 6 else { return nil }
        for index in 0..<6 {
            let wanted = unsafe scheme.utf8Start[index]
            guard value[index] | 0x20 == wanted else { return nil }
        }
        var start = 6
        while start < value.count, value[start] == UInt8(ascii: " ") { start += 1 }
        return start > 6 || value.count == 6 ? start : nil
    }
}
