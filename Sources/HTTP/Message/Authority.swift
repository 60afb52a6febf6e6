/// A host and perhaps a port, as `Host` fields and absolute targets carry them.
struct Authority: Equatable {
    /// The host without the port; an IPv6 address with its brackets.
    let host: Range<Int>

    /// Whether a port stands behind the host.
    let hasPort: Bool

    /// Reads the authority that fills `range`, or answers `nil` when it is not well formed.
    ///
    /// Stricter than RFC 3986 section 3.2: no user information, no percent encodings, no
    /// sub-delimiters, no empty label but one at the end (`acme.example.`), no empty port and none
    /// outside 1...65535, at most 254 bytes of host.
    init?(_ bytes: Span<UInt8>, in range: Range<Int>) {
        guard !range.isEmpty else { return nil }
        let hostEnd =
            bytes[range.lowerBound] == UInt8(ascii: "[")
            ? Self.endOfAddress(bytes, in: range) : Self.endOfName(bytes, in: range)
        guard let hostEnd, hostEnd - range.lowerBound <= 254 else { return nil }
        host = range.lowerBound..<hostEnd
        hasPort = hostEnd < range.upperBound
        guard hasPort else { return }
        guard bytes[hostEnd] == UInt8(ascii: ":") else { return nil }
        guard Self.isPort(bytes, in: hostEnd + 1..<range.upperBound) else { return nil }
    }

    /// Where a name of non-empty labels ends, or `nil` when there is none.
    private static func endOfName(_ bytes: Span<UInt8>, in range: Range<Int>) -> Int? {
        var offset = range.lowerBound
        var previous = UInt8(ascii: ".")
        while offset < range.upperBound, ByteClass.host.contains(bytes[offset]) {
            if bytes[offset] == UInt8(ascii: "."), previous == UInt8(ascii: ".") { return nil }
            previous = bytes[offset]
            offset += 1
        }
        return offset > range.lowerBound ? offset : nil
    }

    /// Where a bracketed IPv6 address ends, or `nil` when there is none.
    private static func endOfAddress(_ bytes: Span<UInt8>, in range: Range<Int>) -> Int? {
        var offset = range.lowerBound + 1
        var colons = 0
        while offset < range.upperBound, bytes[offset] != UInt8(ascii: "]") {
            let byte = bytes[offset]
            if byte == UInt8(ascii: ":") { colons += 1 }
            guard
                ByteClass.hexDigit.contains(byte) || byte == UInt8(ascii: ":")
                    || byte == UInt8(ascii: ".")
            else { return nil }
            offset += 1
        }
        let length = offset - range.lowerBound - 1
        guard offset < range.upperBound, (2...7).contains(colons), length <= 45 else { return nil }
        return offset + 1
    }

    private static func isPort(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
        guard (1...5).contains(range.count) else { return false }
        guard bytes[range.lowerBound] != UInt8(ascii: "0") else { return false }
        var value = 0
        for index in range {
            guard ASCII.isDigit(bytes[index]) else { return false }
            value = value * 10 + Int(bytes[index] & 0x0F)
        }
        return value <= 65_535
    }
}
