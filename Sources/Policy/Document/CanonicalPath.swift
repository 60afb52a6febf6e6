/// What a path must look like to name one resource in one way only.
///
/// Templates and the paths of `test` lines are held to the form that requests are held to, so that
/// a template that no request could ever match is refused at load.
enum CanonicalPath {
    /// Why `bytes` is not a canonical path, `nil` when it is one.
    static func fault(of bytes: some Collection<UInt8>) -> String? {
        guard bytes.first == UInt8(ascii: "/") else { return "it does not begin with `/`" }
        let segments = bytes.dropFirst().split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        for (index, segment) in segments.enumerated() {
            if segment.isEmpty, index < segments.count - 1 { return "it holds `//`" }
            if let fault = segmentFault(of: Array(segment)) { return fault }
        }
        return nil
    }

    /// Why `bytes` is not a canonical segment, `nil` when it is one.
    static func segmentFault(of bytes: [UInt8]) -> String? {
        if bytes.elementsEqual(".".utf8) || bytes.elementsEqual("..".utf8) {
            return "it holds a `.` or `..` segment"
        }
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%") {
                guard let byte = encodedByte(in: bytes, at: index) else {
                    return "`%` is not followed by two upper-case hexadecimal digits"
                }
                guard mustBeEncoded(byte) else {
                    return "it encodes a character that has to stand as itself or not at all"
                }
                decoded.append(byte)
                index += 3
            } else {
                guard mayStandAsItself(bytes[index]) else {
                    return "a character may not stand in a path as it is"
                }
                decoded.append(bytes[index])
                index += 1
            }
        }
        guard let text = String(validating: decoded, as: UTF8.self) else {
            return "its encoded bytes are not UTF-8"
        }
        let hasControl = text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        return hasControl ? "it encodes a control character" : nil
    }

    /// The byte that the two digits after the `%` at `index` stand for.
    private static func encodedByte(in bytes: [UInt8], at index: Int) -> UInt8? {
        guard index + 2 < bytes.count, let high = digit(bytes[index + 1]),
            let low = digit(bytes[index + 2])
        else { return nil }
        return high << 4 | low
    }

    /// The value of an upper-case hexadecimal digit.
    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        default: nil
        }
    }

    /// Unreserved characters, `:`, `@` and sub-delimiters other than `;` and `*` (RFC 3986 section
    /// 3.3).
    private static func mayStandAsItself(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._~!$&'()+,=:@".utf8.contains(byte)
        }
    }

    /// Whether a byte is written `%XX`: it may not stand as itself, and is no separator in disguise.
    private static func mustBeEncoded(_ byte: UInt8) -> Bool {
        !mayStandAsItself(byte) && !"/\\%;*?#".utf8.contains(byte)
    }
}
