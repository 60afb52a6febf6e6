/// What the value of a path parameter must look like.
///
/// Types take no part in matching: a value of the wrong type is an invalid request to the route,
/// not a request to another one.
public enum ParameterType: String, CaseIterable, Hashable, Sendable {
    /// Anything.
    case string

    /// 8-4-4-4-12 hexadecimal digits, either case (RFC 9562 section 4).
    case uuid

    /// Up to 18 digits, with or without a minus.
    case int

    /// Lower-case letters, digits and, not first, hyphens.
    case slug

    /// Whether the bytes of `path` in `range` are a value of this type.
    public func accepts(_ path: Span<UInt8>, in range: Range<Int>) -> Bool {
        switch self {
        case .string: true
        case .uuid: Self.isUUID(path, range)
        case .int: Self.isInteger(path, range)
        case .slug: Self.isSlug(path, range)
        }
    }

    private static func isUUID(_ path: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count == 36 else { return false }
        for offset in 0..<36 {
            let byte = path[range.lowerBound + offset]
            let isHyphen = byte == UInt8(ascii: "-")
            switch offset {
            case 8, 13, 18, 23: guard isHyphen else { return false }
            default: guard byte.isHexDigit else { return false }
            }
        }
        return true
    }

    private static func isInteger(_ path: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty else { return false }
        let isNegative = path[range.lowerBound] == UInt8(ascii: "-")
        let digits = range.lowerBound + (isNegative ? 1 : 0)..<range.upperBound
        guard (1...18).contains(digits.count) else { return false }
        for index in digits {
            guard path[index].isDigit else { return false }
        }
        return true
    }

    private static func isSlug(_ path: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, path[range.lowerBound] != UInt8(ascii: "-") else { return false }
        for index in range {
            switch path[index] {
            case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "-"): continue
            default: return false
            }
        }
        return true
    }
}

extension UInt8 {
    /// Whether this byte is an ASCII digit.
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }

    /// Whether this byte is a hexadecimal digit of either case.
    fileprivate var isHexDigit: Bool {
        isDigit || (0x61...0x66).contains(self | 0x20)
    }
}
