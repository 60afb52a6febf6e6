import HTTP

/// A token as an `Authorization` field carries it.
struct Credential: Hashable, Sendable {
    enum Scheme: Hashable, Sendable {
        /// RFC 6750 section 2.1.
        case bearer

        /// RFC 9449 section 7.1.
        case dpop
    }

    let scheme: Scheme

    /// Where the token begins in the value of the field.
    let start: Int

    /// Finds the token in the value of the field; `nil` for another scheme.
    @inline(__always)
    init?(_ value: Span<UInt8>) {
        if let start = Self.start(in: value, after: "bearer") {
            scheme = .bearer
            self.start = start
        } else if let start = Self.start(in: value, after: "dpop") {
            scheme = .dpop
            self.start = start
        } else {
            return nil
        }
    }

    @inline(__always)
    private static func start(in value: Span<UInt8>, after scheme: StaticString) -> Int? {
        let count = scheme.utf8CodeUnitCount
        guard value.count >= count else { return nil }
        for index in 0..<count {
            let wanted = unsafe scheme.utf8Start[index]
            guard value[index] | 0x20 == wanted else { return nil }
        }
        var start = count
        while start < value.count, value[start] == UInt8(ascii: " ") { start += 1 }
        return start > count || value.count == count ? start : nil
    }
}
